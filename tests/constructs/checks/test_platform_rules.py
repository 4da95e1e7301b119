"""IAM20, firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.platform import platform_role
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import NO_FACTS, Template

BUCKET = {"Fn::GetAtt": ["Bucket", "Arn"]}
OBJECTS = {"Fn::Join": ["", [BUCKET, "/*"]]}
ACCOUNT = "eu-central-1:111122223333"
TRUST = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:role/c"}, "Action": "sts:AssumeRole"}


def platform(
    action: Any,
    resource: Any,
    *,
    name: str = "cp-platform-iam-role",
    bucket: str = "cp-ml-111122223333",
    facts: PlaneFacts = NO_FACTS,
    managed: Any = None,
    **more: Any,
) -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    properties = {
        "RoleName": name,
        "AssumeRolePolicyDocument": {"Statement": [TRUST]},
        "Policies": [{"PolicyName": "platform", "PolicyDocument": {"Statement": [statement]}}],
        "ManagedPolicyArns": managed,
    }
    resources = {
        "It": {"Type": "AWS::IAM::Role", "Properties": properties},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}},
        "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement]}}},
    }
    return Template({"Resources": resources}, facts)


def details(template: Template) -> list[str]:
    found = list(platform_role(template))
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


VIA_S3 = {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}
VIA_EC2 = {"StringEquals": {"kms:ViaService": "ec2.eu-central-1.amazonaws.com"}}
KEY = f"arn:aws:kms:{ACCOUNT}:key/1"


@pytest.mark.parametrize(
    "template",
    [
        platform("s3:ListBucket", BUCKET),
        platform(["s3:GetObject", "s3:PutObject"], OBJECTS),
        platform("s3:GetObject", "arn:aws:s3:::cp-ml-111122223333/*"),
        platform("ecr:PutImage", f"arn:aws:ecr:{ACCOUNT}:repository/tfy-*"),
        platform(
            "ecr:PutImage", f"arn:aws:ecr:{ACCOUNT}:repository/models-*", facts=PlaneFacts(repository_prefix="models-")
        ),
        platform("ecr:GetAuthorizationToken", "*"),
        platform("ssm:GetParameter", f"arn:aws:ssm:{ACCOUNT}:parameter/tfy-secret/*"),
        platform("kms:Decrypt", KEY, Condition=VIA_S3),
        platform("ec2:RunInstances", "*", name="cp-karpenter"),
        platform("ssm:GetParameter", f"arn:aws:ssm:{ACCOUNT}:parameter/tfy-secret/*", managed=[{"Ref": "Managed"}]),
    ],
)
def test_iam20_accepts_the_platform_in_its_prefixes(template: Template) -> None:
    assert details(template) == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (platform("s3:GetObject", "*"), ["s3:GetObject::*"]),
        (platform("s3:GetObject", "arn:aws:s3:::cp-*"), ["s3:GetObject::arn:aws:s3:::cp-*"]),
        (platform("s3:GetObject", "arn:aws:s3:::other-ml-1/*"), ["s3:GetObject::arn:aws:s3:::other-ml-1/*"]),
        (platform("s3:GetObject", OBJECTS, bucket="cp-logs"), ["s3:GetObject::<Bucket.Arn>/*"]),
        (platform("s3:PutBucketPolicy", BUCKET), ["Action::s3:PutBucketPolicy"]),
        (
            platform("s3:*", BUCKET),
            ["Action::s3:DeleteBucket", "Action::s3:DeleteBucketPolicy", "Action::s3:PutBucketPolicy"],
        ),
        (
            platform("ecr:PutImage", f"arn:aws:ecr:{ACCOUNT}:repository/*"),
            [f"ecr:PutImage::arn:aws:ecr:{ACCOUNT}:repository/*"],
        ),
        (
            platform("ssm:GetParameter", f"arn:aws:ssm:{ACCOUNT}:parameter/tfy-*"),
            [f"ssm:GetParameter::arn:aws:ssm:{ACCOUNT}:parameter/tfy-*"],
        ),
        (platform("kms:Decrypt", KEY), [f"kms:Decrypt::{KEY}"]),
        (platform("kms:Decrypt", KEY, Condition=VIA_EC2), [f"kms:Decrypt::{KEY}"]),
        (platform("sts:AssumeRole", "*"), ["sts:AssumeRole::*"]),
        (
            platform("eks:CreateAccessEntry", f"arn:aws:eks:{ACCOUNT}:cluster/cp"),
            ["Action::eks:CreateAccessEntry", f"eks:CreateAccessEntry::arn:aws:eks:{ACCOUNT}:cluster/cp"],
        ),
        (
            platform("ecr:GetAuthorizationToken", "*", managed=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]),
            ["Policy::arn:aws:iam::aws:policy/AmazonS3FullAccess"],
        ),
        (
            platform("s3:GetObject", "*", name="named-otherwise", facts=PlaneFacts(platform_role="named-otherwise")),
            ["s3:GetObject::*"],
        ),
    ],
)
def test_iam20_reports_what_lies_outside(template: Template, expected: list[str]) -> None:
    assert details(template) == expected


def test_iam20_reports_what_is_said_by_exclusion() -> None:
    template = platform("s3:GetObject", None, NotResource="arn:aws:s3:::other/*")

    assert details(template) == ["NotResource"]
