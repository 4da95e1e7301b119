"""PIN1, firing and staying silent: what changes something names this plane."""

from typing import Any

import pytest

from compute_plane.checks.actions import action
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.ownership import READS_DATA, unpinned
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

EC2 = "arn:aws:ec2:eu-west-1:111122223333:"
IMAGES, SNAPSHOTS = "arn:aws:ec2:eu-west-1::image/*", "arn:aws:ec2:eu-west-1::snapshot/*"
OF_AWS = {"StringEquals": {"ec2:Owner": "amazon"}}
INSTANCES, SUBNETS, VOLUMES = EC2 + "instance/*", EC2 + "subnet/*", EC2 + "volume/*"
REQUESTED = {"StringEquals": {"aws:RequestTag/kubernetes.io/cluster/cp": "owned"}}
VPC = {"ec2:Vpc": {"Fn::Sub": EC2 + "vpc/${Vpc}"}}
OTHERS_VPC = {"ec2:Vpc": EC2 + "vpc/vpc-1"}
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
QUEUES = "arn:aws:sqs:eu-west-1:111122223333:"
ROLES = "arn:aws:iam::111122223333:role/"
LAUNCH, FLEET, VOLUME = "ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateVolume"
BOUNDARY = "arn:aws:iam::111122223333:policy/"
FACTS = PlaneFacts(
    account="111122223333",
    cluster_name="cp",
    names=frozenset({"cp-karpenter"}),
    boundary="b",
    data_buckets=("studies",),
)
OWNER = "ec2:Owner"
NOT_OURS = {"StringNotEquals": {OWNER: {"Ref": "AWS::AccountId"}}}


def allow(action: Any, resource: Any, condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def policy(*statements: dict[str, Any], **resources: Any) -> Template:
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": list(statements)}}}
    return Template({"Resources": {"It": holder, "Vpc": {"Type": "AWS::EC2::VPC"}, **resources}}, FACTS)


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("sqs:DeleteMessage", {"Fn::GetAtt": ["Queue", "Arn"]}), []),
        (allow("sqs:DeleteMessage", {"Fn::GetStackOutput": {"OutputName": "Queue"}}), []),
        (allow("sqs:DeleteMessage", {"Ref": "Parameter"}), ["sqs:DeleteMessage::<Parameter>"]),
        (allow("sqs:DeleteMessage", QUEUES + "cp-karpenter"), []),
        (allow("sqs:DeleteMessage", QUEUES + "*"), [f"sqs:DeleteMessage::{QUEUES}*"]),
        (
            allow("sqs:DeleteMessage", "arn:aws:sqs:*:*:cp-karpenter"),
            ["sqs:DeleteMessage::arn:aws:sqs:*:*:cp-karpenter"],
        ),
        (allow("sqs:GetQueueAttributes", QUEUES + "*"), []),
        (allow("sqs:ReceiveMessage", QUEUES + "*"), [f"sqs:ReceiveMessage::{QUEUES}*"]),
        (allow("s3:GetObject", "arn:aws:s3:::studies/*"), []),
        (allow("s3:GetObject", "arn:aws:s3:::*/*"), ["s3:GetObject::arn:aws:s3:::*/*"]),
        (allow("s3:GetObject", "arn:aws:s3:::studies-2/*"), ["s3:GetObject::arn:aws:s3:::studies-2/*"]),
        (allow("s3:PutObject", "arn:aws:s3:::studies/*"), ["s3:PutObject::arn:aws:s3:::studies/*"]),
        (allow("dynamodb:PutItem", TABLE + "cp.*"), []),
        (allow("dynamodb:PutItem", TABLE + "cp-*"), [f"dynamodb:PutItem::{TABLE}cp-*"]),
        (allow("sqs:DeleteMessage", QUEUES + "cp-2-karpenter"), [f"sqs:DeleteMessage::{QUEUES}cp-2-karpenter"]),
        (allow("iam:PassRole", ROLES + "cdk-exec"), [f"iam:PassRole::{ROLES}cdk-exec"]),
        (
            allow("ec2:CreateNetworkInterface", SUBNETS, {"ArnEquals": OTHERS_VPC}),
            [f"ec2:CreateNetworkInterface::{SUBNETS}"],
        ),
        (allow("dynamodb:PutItem", TABLE + "cpu-*"), [f"dynamodb:PutItem::{TABLE}cpu-*"]),
        (allow("dynamodb:PutItem", TABLE + "*-cp"), [f"dynamodb:PutItem::{TABLE}*-cp"]),
        (allow("ecr:PutImage", "arn:aws:ecr:eu-west-1:111122223333:repository/tfy-*"), []),
        (
            allow("ecr:PutImage", "arn:aws:ecr:eu-west-1:111122223333:repository/*"),
            ["ecr:PutImage::arn:aws:ecr:eu-west-1:111122223333:repository/*"],
        ),
        (allow(VOLUME, VOLUMES, REQUESTED), []),
        (
            allow(VOLUME, VOLUMES, {"StringLike": {"aws:RequestTag/a": "*"}}),
            [f"{VOLUME}::{VOLUMES}"],
        ),
        (allow("ec2:CreateNetworkInterface", SUBNETS, {"ArnEquals": VPC}), []),
        (allow("iam:CreateRole", ROLES + "*.sigs", {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY + "b"}}), []),
        (
            allow("iam:CreateRole", ROLES + "*.sigs", {"StringLike": {"iam:PermissionsBoundary": BOUNDARY + "*"}}),
            [f"iam:CreateRole::{ROLES}*.sigs"],
        ),
        (
            allow("iam:CreateRole", ROLES + "*.sigs", {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY + "c"}}),
            [f"iam:CreateRole::{ROLES}*.sigs"],
        ),
        (allow("iam:PassRole", ROLES + "cp.*.sigs"), []),
        (allow("iam:PassRole", ROLES + "*.sigs"), [f"iam:PassRole::{ROLES}*.sigs"]),
    ],
)
def test_pin1_wants_a_name_or_a_condition_of_this_plane(statement: dict[str, Any], expected: list[str]) -> None:
    assert details(unpinned(policy(statement, Queue={"Type": "AWS::SQS::Queue"}))) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(LAUNCH, IMAGES, OF_AWS), allow(LAUNCH, INSTANCES, REQUESTED)], []),
        ([allow(LAUNCH, IMAGES, NOT_OURS), allow(LAUNCH, INSTANCES, REQUESTED)], []),
        ([allow(LAUNCH, IMAGES), allow(LAUNCH, INSTANCES, REQUESTED)], [f"{LAUNCH}::{IMAGES}"]),
        (
            [allow(LAUNCH, IMAGES, {"StringEquals": {OWNER: "111122223333"}}), allow(LAUNCH, INSTANCES, REQUESTED)],
            [f"{LAUNCH}::{IMAGES}"],
        ),
        ([allow(LAUNCH, SNAPSHOTS, NOT_OURS), allow(LAUNCH, INSTANCES, REQUESTED)], []),
        ([allow(LAUNCH, SNAPSHOTS), allow(LAUNCH, INSTANCES, REQUESTED)], [f"{LAUNCH}::{SNAPSHOTS}"]),
        (
            [
                allow(LAUNCH, SNAPSHOTS, {"StringNotEquals": {OWNER: "444455556666"}}),
                allow(LAUNCH, INSTANCES, REQUESTED),
            ],
            [f"{LAUNCH}::{SNAPSHOTS}"],
        ),
        ([allow(LAUNCH, IMAGES)], [f"{LAUNCH}::{IMAGES}"]),
        ([allow(LAUNCH, IMAGES), allow(LAUNCH, INSTANCES)], [f"{LAUNCH}::{IMAGES}", f"{LAUNCH}::{INSTANCES}"]),
        ([allow(LAUNCH, SUBNETS), allow(LAUNCH, INSTANCES, REQUESTED)], [f"{LAUNCH}::{SUBNETS}"]),
        (
            [
                allow(FLEET, SUBNETS, {"ArnEqualsIfExists": VPC}),
                allow(FLEET, INSTANCES, REQUESTED),
            ],
            [],
        ),
        (
            [allow(VOLUME, SNAPSHOTS), allow(VOLUME, VOLUMES, REQUESTED)],
            [f"{VOLUME}::{SNAPSHOTS}"],
        ),
    ],
)
def test_pin1_lets_images_be_anybodys_when_the_instance_is_ours(
    statements: list[dict[str, Any]], expected: list[str]
) -> None:
    assert details(unpinned(policy(*statements))) == expected


def test_pin1_looks_for_the_instance_in_all_policies_of_the_role() -> None:
    def attached(*statements: dict[str, Any]) -> dict[str, Any]:
        document = {"Statement": list(statements)}
        return {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": document, "Roles": [{"Ref": "Role"}]},
        }

    trust = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": trust}}}
    image, pinned = attached(allow(LAUNCH, IMAGES, OF_AWS)), attached(allow(LAUNCH, INSTANCES, REQUESTED))

    together = Template({"Resources": {"Role": role, "It": image, "Other": pinned}}, FACTS)
    apart = Template({"Resources": {"Role": role, "It": image}}, FACTS)

    assert details(unpinned(together)) == []
    assert details(unpinned(apart)) == [f"{LAUNCH}::{IMAGES}"]


@pytest.mark.parametrize("name", sorted(READS_DATA))
def test_pin1_lists_reading_actions_that_exist_and_reports_each_on_everything(name: str) -> None:
    found = action(name)

    assert found is not None and (found.name, found.mutates) == (name, False)
    assert details(unpinned(policy(allow(name, "*")))) == [f"{name}::*"]
