"""IAM16, IAM17 and IAM18, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.ownership import autoscaling_writes, destructive_actions, tagging
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

PREFIX = "arn:aws:ec2:eu-west-1:111122223333:"
INSTANCES, GROUPS, INTERFACES = PREFIX + "instance/*", PREFIX + "security-group/*", PREFIX + "network-interface/*"
SECRETS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*"
BALANCERS = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/*/*"
SCALING = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/*"
VPC = {"Fn::Join": ["", [PREFIX, "vpc/", {"Fn::GetStackOutput": {"StackName": "network", "OutputName": "Vpc"}}]]}
BY_VPC = {"ArnEquals": {"ec2:Vpc": VPC}}
ELB_TAG = "elbv2.k8s.aws/cluster"
OURS = {"StringEquals": {f"aws:ResourceTag/{ELB_TAG}": "cp"}}
OURS_FACTS = PlaneFacts(account="111122223333", cluster_name="cp", names=frozenset({"cp-queue"}))
ENABLED, OWNED = "k8s.io/cluster-autoscaler/enabled", "k8s.io/cluster-autoscaler/cp"


def policy(action: Any, resource: Any, condition: Any = None, facts: PlaneFacts | None = None) -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}
    return Template({"Resources": {"It": holder}}, facts or OURS_FACTS)


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def tags(operator: str = "StringEquals", /, **values: Any) -> dict[str, Any]:
    return {operator: {f"aws:ResourceTag/{key}": value for key, value in values.items()}}


BOTH = tags(**{ENABLED: "true", OWNED: "owned"})
SET = "autoscaling:SetDesiredCapacity"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (BOTH, []),
        ({"StringEquals": {f"autoscaling:ResourceTag/{ENABLED}": "true", f"aws:ResourceTag/{OWNED}": "owned"}}, []),
        (tags(**{ENABLED: "true"}), [f"{SET}::{SCALING}"]),
        (tags(**{OWNED: "owned"}), [f"{SET}::{SCALING}"]),
        (tags(**{ENABLED: "true", "k8s.io/cluster-autoscaler/other": "owned"}), [f"{SET}::{SCALING}"]),
        (tags(**{ENABLED: "true", OWNED: ["owned", "shared"]}), [f"{SET}::{SCALING}"]),
        (tags("StringEqualsIfExists", **{ENABLED: "true", OWNED: "owned"}), [f"{SET}::{SCALING}"]),
        (tags("StringLike", **{ENABLED: "true", OWNED: "*"}), [f"{SET}::{SCALING}"]),
        (tags(**{"sigs.k8s.io/cluster-api-provider-aws/cluster/cp": "owned"}), []),
        (None, [f"{SET}::{SCALING}"]),
    ],
)
def test_iam16_wants_both_tags_of_this_cluster(condition: Any, expected: list[str]) -> None:
    assert details(autoscaling_writes(policy(SET, SCALING, condition))) == expected


def test_iam16_leaves_reading_alone() -> None:
    assert details(autoscaling_writes(policy("autoscaling:DescribeAutoScalingGroups", "*"))) == []


TERMINATE, DELETE = "ec2:TerminateInstances", "elasticloadbalancing:DeleteLoadBalancer"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy(TERMINATE, INSTANCES), [f"{TERMINATE}::{INSTANCES}"]),
        (policy(TERMINATE, INSTANCES, tags(**{"kubernetes.io/cluster/cp": "owned"})), []),
        (policy(TERMINATE, INSTANCES, tags(**{"eks:cluster-name": "cp"})), []),
        (policy(TERMINATE, INSTANCES, tags(**{"eks:cluster-name": ["cp", "other"]})), [f"{TERMINATE}::{INSTANCES}"]),
        (policy(TERMINATE, INSTANCES, tags(**{"kubernetes.io/cluster/cp-2": "owned"})), [f"{TERMINATE}::{INSTANCES}"]),
        (policy(TERMINATE, INSTANCES, tags(**{"karpenter.sh/nodepool": "*"})), [f"{TERMINATE}::{INSTANCES}"]),
        (
            policy(TERMINATE, INSTANCES, {"Null": {"aws:ResourceTag/kubernetes.io/cluster/cp": "false"}}),
            [f"{TERMINATE}::{INSTANCES}"],
        ),
        (
            policy(TERMINATE, INSTANCES, {"StringEquals": {"aws:RequestTag/eks:cluster-name": "cp"}}),
            [f"{TERMINATE}::{INSTANCES}"],
        ),
        (policy(TERMINATE, PREFIX + "instance/i-1"), [f"{TERMINATE}::{PREFIX}instance/i-1"]),
        (policy("ec2:DeleteSecurityGroup", GROUPS, BY_VPC), []),
        (
            policy("ec2:DeleteSecurityGroup", GROUPS, {"ArnLike": {"ec2:Vpc": PREFIX + "vpc/*"}}),
            [f"ec2:DeleteSecurityGroup::{GROUPS}"],
        ),
        (
            policy("ec2:DeleteSecurityGroup", GROUPS, {"ArnEqualsIfExists": {"ec2:Vpc": VPC}}),
            [f"ec2:DeleteSecurityGroup::{GROUPS}"],
        ),
        (
            policy(
                "elasticloadbalancing:DeleteLoadBalancer", BALANCERS, {"Null": {f"aws:ResourceTag/{ELB_TAG}": "false"}}
            ),
            [f"elasticloadbalancing:DeleteLoadBalancer::{BALANCERS}"],
        ),
        (policy("elasticloadbalancing:DeleteLoadBalancer", BALANCERS, OURS), []),
        (policy("ec2:RunInstances", INSTANCES), []),
        (policy(["ec2:DeleteTags", "elasticloadbalancing:RemoveTags"], "*"), []),
    ],
)
def test_iam17_wants_a_tag_or_the_vpc_of_this_cluster(template: Template, expected: list[str]) -> None:
    assert details(destructive_actions(template)) == expected


def test_iam17_accepts_no_tag_while_the_cluster_is_unknown() -> None:
    template = policy(TERMINATE, INSTANCES, tags(**{"kubernetes.io/cluster/cp": "owned"}), PlaneFacts())

    assert details(destructive_actions(template)) == [f"{TERMINATE}::{INSTANCES}"]


TAG = "ec2:CreateTags"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy(TAG, INSTANCES), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {"StringEquals": {"aws:RequestTag/eks:cluster-name": "cp"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {"StringEquals": {"ec2:CreateAction": "RunInstances"}}), []),
        (
            policy(TAG, INSTANCES, {"StringEqualsIfExists": {"ec2:CreateAction": "RunInstances"}}),
            [f"{TAG}::{INSTANCES}"],
        ),
        (policy(TAG, INSTANCES, OURS), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringEquals": {"aws:TagKeys": ["Name"]}}), []),
        (policy(TAG, INSTANCES, {**OURS, "Null": {"aws:TagKeys": "false"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringLike": {"aws:TagKeys": "*"}}), [f"{TAG}::{INSTANCES}"]),
        (
            policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringEquals": {"aws:TagKeys": ["Name", ELB_TAG]}}),
            [f"{TAG}::{INSTANCES}"],
        ),
        (policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringNotEquals": {"aws:TagKeys": [ELB_TAG]}}), []),
        (policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringNotLike": {"aws:TagKeys": ["elbv2.*"]}}), []),
        (
            policy(TAG, INSTANCES, {**OURS, "ForAllValues:StringNotEquals": {"aws:TagKeys": ["foo"]}}),
            [f"{TAG}::{INSTANCES}"],
        ),
        (policy(TAG, INSTANCES, {**OURS, "Null": {"aws:RequestTag/foo": "true"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {**OURS, "StringEqualsIfExists": {f"aws:RequestTag/{ELB_TAG}": "cp"}}), []),
        (
            policy(TAG, INSTANCES, {**OURS, "StringEqualsIfExists": {f"aws:RequestTag/{ELB_TAG}": "cp-2"}}),
            [f"{TAG}::{INSTANCES}"],
        ),
        (policy(TAG, INSTANCES, {"StringLike": {"ec2:CreateAction": "*"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {"StringEquals": {"ec2:CreateAction": TAG[4:]}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {"Null": {"secretsmanager:SecretId": "true"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INSTANCES, {**OURS, "Null": {f"aws:RequestTag/{ELB_TAG}": "true"}}), []),
        (policy(TAG, INSTANCES, {**OURS, "Null": {f"aws:RequestTag/{ELB_TAG}": "false"}}), [f"{TAG}::{INSTANCES}"]),
        (policy(TAG, INTERFACES, BY_VPC), []),
        (policy(TAG, INSTANCES, BY_VPC), [f"{TAG}::{INSTANCES}"]),
        (policy("sqs:TagQueue", "arn:aws:sqs:eu-west-1:111122223333:cp-queue"), []),
        (
            policy("sqs:TagQueue", "arn:aws:sqs:eu-west-1:111122223333:*"),
            ["sqs:TagQueue::arn:aws:sqs:eu-west-1:111122223333:*"],
        ),
        (policy(TERMINATE, INSTANCES), []),
        (policy("secretsmanager:TagResource", SECRETS, {"Null": {"secretsmanager:SecretId": "true"}}), []),
        (
            policy("secretsmanager:TagResource", SECRETS, {"Null": {"secretsmanager:SecretId": "false"}}),
            [f"secretsmanager:TagResource::{SECRETS}"],
        ),
    ],
)
def test_iam18_wants_tags_that_cannot_claim_what_is_not_ours(template: Template, expected: list[str]) -> None:
    assert details(tagging(template)) == expected
