"""IAM19 and IAM25, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.actions import action
from compute_plane.checks.dns import CHANGE, zones
from compute_plane.checks.escalation import LISTED, escalation
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

ZONE = "arn:aws:route53:::hostedzone/Z1"
NAMES = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
OTHER_ZONE = "arn:aws:route53:::hostedzone/Z2"
LIMITED = {"ForAllValues:StringLike": {NAMES: ["*.example.com"]}, "Null": {NAMES: "false"}}
ROLES = "arn:aws:iam::111122223333:role/"
FACTS = PlaneFacts(
    account="111122223333",
    cluster_name="cp",
    names=frozenset({"cp-reader", "cp-drain"}),
    boundary="boundary",
    hosted_zones=frozenset({"Z1"}),
    domains=frozenset({"example.com"}),
)
CLUSTER = "arn:aws:eks:eu-west-1:111122223333:cluster/cp"
BOUNDED = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/boundary"}}
ATTACHED = {"ArnEquals": {"iam:PolicyARN": ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]}}
ADMINISTRATOR = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}}
ADMINISTRATION = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}}
OURS = {"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/cp": "owned"}}
FUNCTIONS = "arn:aws:lambda:eu-west-1:111122223333:function:"
INSTANCES = "arn:aws:ec2:eu-west-1:111122223333:instance/*"


def policy(action: Any, resource: Any, condition: Any = None) -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}
    return Template({"Resources": {"It": holder}}, FACTS)


def names(*values: str) -> dict[str, Any]:
    return {"ForAllValues:StringLike": {NAMES: list(values)}, "Null": {NAMES: "false"}}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy(CHANGE, ZONE, LIMITED), []),
        (policy(CHANGE, "arn:aws:route53:::hostedzone/*", LIMITED), [f"{CHANGE}::arn:aws:route53:::hostedzone/*"]),
        (policy(CHANGE, "*", LIMITED), [f"{CHANGE}::*"]),
        (policy(CHANGE, OTHER_ZONE, LIMITED), [f"{CHANGE}::{OTHER_ZONE}"]),
        (policy(CHANGE, ZONE, names("a.example.com", "example.com", "_acme-challenge.*.example.com")), []),
        *(
            (policy(CHANGE, ZONE, names("example.com", name)), [f"{CHANGE}::record names"])
            for name in ("*com", "a*", "*.*e*", "_acme-challenge.*", "*example.com", "a.other.com")
        ),
        (policy(CHANGE, ZONE), [f"{CHANGE}::record names"]),
        (policy(CHANGE, ZONE, {"Null": {NAMES: "false"}}), [f"{CHANGE}::record names"]),
        (
            policy(CHANGE, ZONE, {"ForAllValues:StringLike": {NAMES: ["*.example.com"]}}),
            [f"{CHANGE}::record names"],
        ),
        (
            policy(CHANGE, ZONE, {**LIMITED, "ForAllValues:StringLike": {NAMES: ["*"]}}),
            [f"{CHANGE}::record names"],
        ),
        (
            policy(CHANGE, ZONE, {**LIMITED, "ForAllValues:StringLike": {NAMES: ["*.example.com", "*."]}}),
            [f"{CHANGE}::record names"],
        ),
        (policy("route53:ListResourceRecordSets", "*"), ["route53:ListResourceRecordSets::*"]),
        (policy("route53:ListResourceRecordSets", ZONE), []),
        (policy(["route53:ListHostedZones", "route53:ListHostedZonesByName"], "*"), []),
        (policy("route53:DeleteHostedZone", "*"), ["route53:DeleteHostedZone::*"]),
        (policy("route53:GetChange", "arn:aws:route53:::change/*"), []),
    ],
)
def test_iam19_wants_zones_and_record_names(template: Template, expected: list[str]) -> None:
    assert details(zones(template)) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy("iam:CreateRole", ROLES + "*"), [f"iam:CreateRole::{ROLES}*"]),
        (policy("iam:CreateRole", ROLES + "tfy-*"), [f"iam:CreateRole::{ROLES}tfy-*"]),
        (policy("iam:CreateRole", ROLES + "*", BOUNDED), [f"iam:CreateRole::{ROLES}*"]),
        (policy("iam:CreateRole", ROLES + "tfy-*", BOUNDED), []),
        (policy("iam:CreateRole", ROLES + "*.sigs.k8s.io", BOUNDED), []),
        (policy("iam:AttachRolePolicy", ROLES + "tfy-*", ATTACHED), []),
        (
            policy("iam:AttachRolePolicy", ROLES + "tfy-*", {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::*:policy/*"}}),
            [f"iam:AttachRolePolicy::{ROLES}tfy-*"],
        ),
        (
            policy("iam:CreateRole", ROLES + "tfy-*", {"StringEqualsIfExists": BOUNDED["StringEquals"]}),
            [f"iam:CreateRole::{ROLES}tfy-*"],
        ),
        (policy("iam:*", "*"), ["iam:*::*"]),
        (policy("iam:GetRole", "*"), []),
        (policy("sts:AssumeRole", "*"), ["sts:AssumeRole::*"]),
        (policy("sts:AssumeRole", ROLES + "*"), [f"sts:AssumeRole::{ROLES}*"]),
        (policy("sts:AssumeRole", ROLES + "cp-reader"), []),
        (policy("sts:AssumeRole", ROLES + "cp-2-reader"), [f"sts:AssumeRole::{ROLES}cp-2-reader"]),
        (
            policy("sts:AssumeRole", "arn:aws:iam::999999999999:role/cp-reader"),
            ["sts:AssumeRole::arn:aws:iam::999999999999:role/cp-reader"],
        ),
        (
            policy("iam:AttachRolePolicy", ROLES + "cp-reader", ADMINISTRATOR),
            [f"iam:AttachRolePolicy::{ROLES}cp-reader"],
        ),
        (policy("iam:PutRolePolicy", ROLES + "tfy-*", ATTACHED), [f"iam:PutRolePolicy::{ROLES}tfy-*"]),
        (policy("iam:DetachRolePolicy", ROLES + "tfy-*", BOUNDED), []),
        (policy("iam:DeleteRolePolicy", ROLES + "cp-reader"), [f"iam:DeleteRolePolicy::{ROLES}cp-reader"]),
        (policy("iam:CreateRole", ROLES + "tfy-*", ADMINISTRATION), [f"iam:CreateRole::{ROLES}tfy-*"]),
        (policy("iam:UpdateAssumeRolePolicy", ROLES + "tfy-*", BOUNDED), [f"iam:UpdateAssumeRolePolicy::{ROLES}tfy-*"]),
        (
            policy("iam:DeleteRolePermissionsBoundary", ROLES + "tfy-*", BOUNDED),
            [f"iam:DeleteRolePermissionsBoundary::{ROLES}tfy-*"],
        ),
        (policy("eks:CreateAccessEntry", CLUSTER), [f"eks:CreateAccessEntry::{CLUSTER}"]),
        (policy("eks:CreateAccessEntry", CLUSTER, {"ArnEquals": {"eks:principalArn": ROLES + "cp-reader"}}), []),
        (
            policy("eks:CreateAccessEntry", CLUSTER, {"ArnLike": {"eks:principalArn": ROLES + "*"}}),
            [f"eks:CreateAccessEntry::{CLUSTER}"],
        ),
        (policy("eks:CreatePodIdentityAssociation", CLUSTER), [f"eks:CreatePodIdentityAssociation::{CLUSTER}"]),
        (policy("eks:DescribeCluster", CLUSTER), []),
        (policy("lambda:UpdateFunctionCode", FUNCTIONS + "*"), [f"lambda:UpdateFunctionCode::{FUNCTIONS}*"]),
        (policy("lambda:UpdateFunctionCode", FUNCTIONS + "cp-drain"), []),
        (policy("ssm:SendCommand", INSTANCES, OURS), []),
        (policy("ssm:SendCommand", INSTANCES), [f"ssm:SendCommand::{INSTANCES}"]),
        (policy("eks:CreateAccessEntry", "*"), ["eks:CreateAccessEntry::*"]),
    ],
)
def test_iam25_reports_paths_to_more_privilege(template: Template, expected: list[str]) -> None:
    assert details(escalation(template)) == expected


@pytest.mark.parametrize("name", sorted(LISTED))
def test_iam25_lists_actions_that_exist_and_reports_each_on_everything(name: str) -> None:
    found = action(name)

    assert found is not None and found.name == name
    assert details(escalation(policy(name, "*"))) == [f"{name}::*"]
