"""What is the plane's own by its name, and what only looks like it."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.own import is_own, is_readable
from compute_plane.checks.template import Template
from compute_plane.config.environment import EnvironmentConfig

Raw = dict[str, Any]
KEY = "arn:aws:kms:eu-central-1:999999999999:key/12345678-1234-1234-1234-123456789012"
FACTS = PlaneFacts(
    account="111122223333",
    cluster_name="cp",
    region="eu-central-1",
    role_path="/plane/",
    names=frozenset({"cp-karpenter", "/aws/eks/cp/cluster"}),
    arns=frozenset({KEY}),
    boundary="teams/limit",
    hosted_zones=frozenset({"Z1"}),
    data_buckets=("studies",),
)
RESOURCES = {"Bucket": {"Type": "AWS::S3::Bucket"}, "Vpc": {"Type": "AWS::EC2::VPC"}}
HERE = "eu-central-1:111122223333"
EKS, SQS, ROLES = f"arn:aws:eks:{HERE}:", f"arn:aws:sqs:{HERE}:", "arn:aws:iam::111122223333:role/"


def template(facts: PlaneFacts = FACTS) -> Template:
    return Template({"Resources": RESOURCES}, facts)


@pytest.mark.parametrize(
    "resource",
    [
        {"Fn::GetAtt": ["Bucket", "Arn"]},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/*"]]},
        {"Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc/${Vpc}"},
        {"Fn::GetStackOutput": {"StackName": "s", "OutputName": "o"}},
        EKS + "cluster/cp",
        EKS + "nodegroup/cp/*/*",
        SQS + "cp-karpenter",
        ROLES + "cp-karpenter",
        ROLES + "plane/cp-karpenter",
        ROLES + "cp.*.sigs.k8s.io",
        f"arn:aws:logs:{HERE}:log-group:/aws/eks/cp/cluster:*",
        f"arn:aws:secretsmanager:{HERE}:secret:cp/*",
        f"arn:aws:ecr:{HERE}:repository/tfy-*",
        "arn:aws:route53:::hostedzone/Z1",
        "arn:aws:iam::111122223333:policy/teams/limit",
        KEY,
    ],
)
def test_a_reference_a_whole_name_and_what_the_operator_named_are_ours(resource: Any) -> None:
    assert is_own(template(), resource)


@pytest.mark.parametrize(
    "resource",
    [
        {"Ref": "Parameter"},
        {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "*"]]},
        {"Fn::Sub": "arn:aws:s3:::others/${Bucket}/*"},
        {"Fn::Sub": "arn:aws:ec2:eu-central-1:999999999999:vpc/${Vpc}"},
        {"Fn::Sub": "arn:aws:ec2:*:*:vpc/${Vpc}"},
        EKS + "cluster/other",
        EKS + "cluster/cp-2",
        EKS + "cluster/cp*",
        EKS + "unknown/cp",
        EKS.replace("111122223333", "999999999999") + "cluster/cp",
        EKS.replace("eu-central-1", "us-east-1") + "cluster/cp",
        SQS + "cp-*",
        SQS + "cp-2-karpenter",
        SQS + "cp-karpenter*",
        ROLES + "cp*",
        ROLES + "elsewhere/cp-karpenter",
        ROLES + "OrganizationAdmin",
        "arn:aws:s3:::cp*",
        "arn:aws:s3:::others/cp/*",
        f"arn:aws:rds:{HERE}:db:other",
        f"arn:aws:cloudformation:{HERE}:stack/CDKToolkit/1",
        f"arn:aws:ec2:{HERE}:vpc/vpc-0123",
        f"arn:aws:secretsmanager:{HERE}:secret:others/cp/*",
        "arn:aws:route53:::hostedzone/Z2",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        KEY.replace("999999999999", "111122223333"),
    ],
)
def test_what_another_cluster_or_account_may_own_is_not_ours(resource: Any) -> None:
    assert not is_own(template(), resource)


def test_a_number_is_nobodys_account_while_the_plane_has_none() -> None:
    unknown = template(PlaneFacts(cluster_name="cp"))

    assert is_own(unknown, {"Fn::Sub": "arn:aws:eks:${AWS::Region}:${AWS::AccountId}:cluster/cp"})
    assert not is_own(unknown, EKS + "cluster/cp")


def test_a_bucket_of_others_may_be_read_and_is_not_ours() -> None:
    studies, similar = "arn:aws:s3:::studies/*", "arn:aws:s3:::studies*"

    assert (is_readable(template(), studies), is_own(template(), studies)) == (True, False)
    assert not is_readable(template(), similar)


def test_the_facts_hold_what_the_operator_named(
    configuration: Raw, load_raw: Callable[[Raw], EnvironmentConfig]
) -> None:
    key = KEY.replace("999999999999", "111122223333")
    dns = {"hosted_zone_ids": ["Z0123456789ABCDEFGHIJ"], "domains": ["apps.example.com"]}
    configuration["cluster"]["volume_key_arn"] = key
    configuration |= {"iam": {"permissions_boundary": "limit"}, "addons": {"external-dns": dns}}

    facts = PlaneFacts.of(load_raw(configuration), "111122223333")

    assert (facts.region, facts.boundary, facts.arns) == ("eu-central-1", "limit", {key})
    assert (facts.hosted_zones, facts.domains) == ({"Z0123456789ABCDEFGHIJ"}, {"apps.example.com"})
    assert {"test-karpenter", "test-ml-111122223333", "test-ml-<AccountId>"} <= facts.names
