"""IAM2, IAM3 and IAM4, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.real_names import real_names
from compute_plane.checks.resources import avoidable_stars, dead_grants
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

INSTANCES = "arn:aws:ec2:eu-west-1:111122223333:instance/*"
SNAPSHOTS = "arn:aws:ec2:eu-west-1:111122223333:snapshot/*"
IN_REGION = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/cp": "owned"}}


def policy(action: Any, resource: Any = "*", condition: Any = None, **resources: Any) -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}
    return Template({"Resources": {"It": holder, **resources}})


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy("ec2:TerminateInstances"), ["ec2:TerminateInstances::*"]),
        (policy("ec2:TerminateInstances", condition=TAGGED), ["ec2:TerminateInstances::*"]),
        (policy("ec2:TerminateInstances", INSTANCES, TAGGED), []),
        (policy("ec2:Terminate*"), ["ec2:Terminate*::*"]),
        (policy("s3:DeleteBucket", "arn:aws:s3:::*"), ["s3:DeleteBucket::arn:aws:s3:::*"]),
        (policy("ec2:DescribeVpcs"), ["ec2:DescribeVpcs::*"]),
        (policy("ec2:DescribeVpcs", condition=IN_REGION), []),
        (
            policy("ec2:DescribeVpcs", condition={"StringEqualsIfExists": IN_REGION["StringEquals"]}),
            ["ec2:DescribeVpcs::*"],
        ),
        (policy("pricing:GetProducts"), []),
        (policy("sts:GetServiceBearerToken"), ["sts:GetServiceBearerToken::*"]),
        (
            policy("sts:GetServiceBearerToken", condition={"StringEquals": {"sts:AWSServiceName": "ecr-public.x"}}),
            [],
        ),
        (policy("iam:ListInstanceProfiles"), []),
        (policy("iam:GetInstanceProfile"), ["iam:GetInstanceProfile::*"]),
        (policy(["ec2:DescribeVpcs", "ec2:RunInstances"], condition=IN_REGION), ["ec2:RunInstances::*"]),
    ],
)
def test_iam2_reports_stars_that_a_resource_or_the_region_would_replace(
    template: Template, expected: list[str]
) -> None:
    assert details(avoidable_stars(template)) == expected


def test_iam2_reports_what_not_action_and_not_resource_leave_open() -> None:
    statement = {"Effect": "Allow", "Action": "sqs:DeleteQueue", "NotResource": "arn:aws:sqs:r:1:q"}
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}

    assert details(avoidable_stars(Template({"Resources": {"It": holder}}))) == ["sqs:DeleteQueue::NotResource"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy("ec2:DescribeVpcs", INSTANCES), [f"ec2:DescribeVpcs::{INSTANCES}"]),
        (policy("ec2:DescribeVpcs", [INSTANCES, "*"]), []),
        (policy("ec2:DeleteSnapshot", SNAPSHOTS), [f"ec2:DeleteSnapshot::{SNAPSHOTS}"]),
        (policy("ec2:DeleteSnapshot", "arn:aws:ec2:eu-west-1::snapshot/*"), []),
        (policy("ec2:RunInstances", [INSTANCES, SNAPSHOTS]), []),
        (policy("ec2:TerminateInstances", INSTANCES, TAGGED), []),
        (
            policy("ec2:TerminateInstances", INSTANCES, {"StringEquals": {"aws:RequestTag/a": "b"}}),
            ["ec2:TerminateInstances::aws:RequestTag/a"],
        ),
        (
            policy("ec2:TerminateInstances", INSTANCES, {"Null": {"aws:RequestTag/a": "false"}}),
            ["ec2:TerminateInstances::aws:RequestTag/a"],
        ),
        (policy("ec2:TerminateInstances", INSTANCES, {"Null": {"aws:RequestTag/a": "true"}}), []),
        (policy("ec2:TerminateInstances", INSTANCES, {"StringEqualsIfExists": {"aws:RequestTag/a": "b"}}), []),
        (policy("ec2:TerminateInstances", INSTANCES, {"StringNotEquals": {"aws:RequestTag/a": "b"}}), []),
        (policy("ec2:TerminateInstances", INSTANCES, IN_REGION), []),
        (
            policy(
                "elasticloadbalancing:DeleteLoadBalancer",
                "arn:aws:elasticloadbalancing:r:1:loadbalancer/*",
                {"StringEquals": {"ec2:Vpc": "v"}},
            ),
            ["elasticloadbalancing:DeleteLoadBalancer::ec2:Vpc"],
        ),
        (policy("s3:Get*", "arn:aws:s3:::b/*"), []),
        (policy("eks:CreateCluster", "arn:aws:eks:r:1:cluster/cp"), []),
        (policy("s3:DeleteBucket*", "arn:aws:s3:::b/*"), ["s3:DeleteBucket*::arn:aws:s3:::b/*"]),
    ],
)
def test_iam3_reports_resources_and_conditions_that_never_apply(template: Template, expected: list[str]) -> None:
    assert details(dead_grants(template)) == expected


def test_iam3_knows_that_a_bucket_is_no_object() -> None:
    bucket = {"Type": "AWS::S3::Bucket"}
    arn = {"Fn::GetAtt": ["Bucket", "Arn"]}

    assert details(dead_grants(policy("s3:GetObject", arn, Bucket=bucket))) == ["s3:GetObject::<Bucket.Arn>"]
    assert details(dead_grants(policy("s3:GetObject", {"Fn::Join": ["", [arn, "/*"]]}, Bucket=bucket))) == []


def aws_policy(name: str) -> dict[str, Any]:
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{name}"]]}


def role(*managed: Any) -> Template:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties = {"AssumeRolePolicyDocument": {"Statement": trust}, "ManagedPolicyArns": list(managed)}
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Role", "Properties": properties}}})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy(["ec2:DescribeVpcs", "ec2:DescribeVpc"]), ["Action::ec2:DescribeVpc"]),
        (policy("ec2:Nothing*"), ["Action::ec2:Nothing*"]),
        (policy({"Ref": "Parameter"}), ["Action::<Parameter>"]),
        (policy(["s3files:CreateAccessPoint", "EC2:describevpcs", "ec2:Describe*"]), []),
        (role(aws_policy("AmazonEC2ContainerRegistryReadOnly"), {"Ref": "Own"}), []),
        (
            role(aws_policy("AmazonEC2ContainerRegistryReadOnlyPolicy")),
            ["Policy::AmazonEC2ContainerRegistryReadOnlyPolicy"],
        ),
        (role(aws_policy("service-role/AmazonEFSCSIDriverPolicy")), []),
        (role(aws_policy("AmazonEFSCSIDriverPolicy")), ["Policy::AmazonEFSCSIDriverPolicy"]),
        (role({"Fn::If": ["Public", aws_policy("NoSuchPolicy"), {"Ref": "AWS::NoValue"}]}), ["Policy::NoSuchPolicy"]),
    ],
)
def test_iam4_reports_names_that_aws_does_not_know(template: Template, expected: list[str]) -> None:
    assert details(real_names(template)) == expected


def test_iam4_reads_what_is_denied_and_what_resources_allow() -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObjekt", "Resource": "*"}
    holder = {"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": {"Statement": statement}}}

    assert details(real_names(Template({"Resources": {"It": holder}}))) == ["Action::s3:GetObjekt"]
