"""IAM1, IAM5, IAM6 and IAM14, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.permissions import keys_by_arn, pass_role, service_linked_roles, wildcard_actions
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

ROOT = {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}
EC2_PASSED = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
CREATE = "iam:CreateServiceLinkedRole"
SPOT = "arn:aws:iam::111122223333:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot"


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements: dict[str, Any], **resources: dict[str, Any]) -> Template:
    document = {"Statement": list(statements)}
    holder = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": document}}
    return Template({"Resources": {"Policy": holder, **resources}})


def key(statement: dict[str, Any]) -> Template:
    properties = {"KeyPolicy": {"Statement": [statement]}}
    return Template({"Resources": {"Policy": {"Type": "AWS::KMS::Key", "Properties": properties}}})


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("Policy", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (policy(allow("ec2:*")), ["ec2:*::*"]),
        (policy(allow(["s3:GetObject", "s3:Get?cl"], ["arn:b", "arn:c"])), ["s3:Get?cl::arn:b", "s3:Get?cl::arn:c"]),
        (policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), ["NotAction"]),
        (key(allow("kms:*", Principal={"AWS": "arn:aws:iam::111122223333:role/admin"})), ["kms:*::*"]),
        (key(allow(["kms:*", "ec2:*"], Principal=ROOT)), ["kms:*::*", "ec2:*::*"]),
        (policy(allow("ec2:DescribeVpcs")), []),
        (policy({"Effect": "Deny", "Action": "*", "Resource": "*"}), []),
        (key(allow("kms:*", Principal=ROOT)), []),
    ],
)
def test_iam1_reports_wildcards_except_the_account_that_keeps_its_key(template: Template, expected: list[str]) -> None:
    assert details(wildcard_actions(template)) == expected


def test_iam1_reads_inline_policies_and_resource_policies() -> None:
    inline = {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": allow("s3:*")}}]}
    trust = {"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*"}}
    bucket_policy = {"PolicyDocument": {"Statement": allow("s3:Get*", Principal={"AWS": "arn:aws:iam::1:role/r"})}}
    template = Template(
        {
            "Resources": {
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {"AssumeRolePolicyDocument": trust, **inline},
                },
                "Bucket": {"Type": "AWS::S3::BucketPolicy", "Properties": bucket_policy},
            }
        }
    )

    found = set(wildcard_actions(template))

    assert found == {
        Finding("Role", "sts:*::itself"),
        Finding("Role", "s3:*::*"),
        Finding("Bucket", "s3:Get*::*"),
    }


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            allow("iam:PassRole", "arn:aws:iam::1:role/*", Condition=EC2_PASSED),
            ["iam:PassRole::arn:aws:iam::1:role/*"],
        ),
        (allow("iam:PassRole", {"Fn::GetAtt": ["Node", "Arn"]}), ["iam:PassRole::any service"]),
        (allow("iam:PassRole", "arn:aws:iam::1:role/*.sigs.k8s.io", Condition=EC2_PASSED), []),
        (allow("iam:PassRole", "arn:aws:iam::1:role/cp.*.sigs.k8s.io", Condition=EC2_PASSED), []),
        (
            allow("iam:PassRole", "arn:aws:iam::1:role/*.sigs*", Condition=EC2_PASSED),
            ["iam:PassRole::arn:aws:iam::1:role/*.sigs*"],
        ),
        (
            allow("iam:PassRole", "r", Condition={"StringLike": {"iam:PassedToService": "ec2.amazonaws.com"}}),
            [],
        ),
        (
            allow("iam:PassRole", "r", Condition={"StringLike": {"iam:PassedToService": "ec2*"}}),
            ["iam:PassRole::any service"],
        ),
        (
            {"Effect": "Allow", "NotAction": "ec2:*", "Resource": "r", "Condition": EC2_PASSED},
            [],
        ),
        (
            {"Effect": "Allow", "NotAction": "ec2:*", "NotResource": "r"},
            ["iam:PassRole::NotResource", "iam:PassRole::any service"],
        ),
        (allow("iam:Pass*", "*"), ["iam:PassRole::*", "iam:PassRole::any service"]),
        (allow("iam:PassRole", {"Fn::GetAtt": ["Node", "Arn"]}, Condition=EC2_PASSED), []),
        (allow("iam:GetRole", "*"), []),
    ],
)
def test_iam5_wants_role_arns_and_a_service(statement: dict[str, Any], expected: list[str]) -> None:
    assert details(pass_role(policy(statement))) == expected


@pytest.mark.parametrize(
    ("resource", "service", "expected"),
    [
        (SPOT, "spot.amazonaws.com", []),
        (SPOT, "eks.amazonaws.com", [f"{CREATE}::{SPOT} for eks.amazonaws.com"]),
        (SPOT, None, [f"{CREATE}::any service"]),
        ("*", "spot.amazonaws.com", [f"{CREATE}::*"]),
        (
            "arn:aws:iam::1:role/aws-service-role/*",
            "spot.amazonaws.com",
            [f"{CREATE}::arn:aws:iam::1:role/aws-service-role/*"],
        ),
    ],
)
def test_iam6_wants_one_service_in_the_resource_and_the_condition(
    resource: str, service: str | None, expected: list[str]
) -> None:
    condition = {"Condition": {"StringEquals": {"iam:AWSServiceName": service}}} if service else {}
    statement = allow("iam:CreateServiceLinkedRole", resource, **condition)

    assert details(service_linked_roles(policy(statement))) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", ["kms:Decrypt::*"]),
        (
            "arn:aws:kms:eu-west-1:111122223333:alias/x",
            ["kms:Decrypt::arn:aws:kms:eu-west-1:111122223333:alias/x"],
        ),
        ("arn:aws:kms:eu-west-1:111122223333:key/*", ["kms:Decrypt::arn:aws:kms:eu-west-1:111122223333:key/*"]),
        ({"Ref": "Key"}, ["kms:Decrypt::<Key>"]),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, ["kms:Decrypt::<Bucket.Arn>"]),
        ({"Fn::GetAtt": ["Key", "Arn"]}, []),
        ({"Fn::GetStackOutput": {"StackName": "Cluster", "OutputName": "KeyArn"}}, []),
        ("arn:aws:kms:eu-west-1:111122223333:key/1234", []),
        (
            {
                "Fn::Join": [
                    "",
                    [
                        "arn:",
                        {"Ref": "AWS::Partition"},
                        ":kms:",
                        {"Ref": "AWS::Region"},
                        ":",
                        {"Ref": "AWS::AccountId"},
                        ":key/1",
                    ],
                ]
            },
            [],
        ),
    ],
)
def test_iam14_wants_the_arn_of_a_key(resource: Any, expected: list[str]) -> None:
    template = policy(allow("kms:Decrypt", resource), Key={"Type": "AWS::KMS::Key"}, Bucket={"Type": "AWS::S3::Bucket"})

    assert details(keys_by_arn(template)) == expected


def test_iam14_says_nothing_of_other_services() -> None:
    assert details(keys_by_arn(policy(allow("ec2:DescribeVpcs", "*")))) == []
