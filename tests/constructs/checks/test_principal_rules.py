"""IAM8, firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.principals import open_principals
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

MOUNT = "elasticfilesystem:ClientMount"
ROLE_ARN = {
    "Fn::Join": [
        "",
        ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/cp-efs-node"],
    ]
}
OURS = PlaneFacts(account="111122223333", cluster_name="cp")
FOREIGN = "arn:aws:iam::999999999999:role/r"
VIA_MOUNT_TARGET = {"elasticfilesystem:AccessedViaMountTarget": "true"}
NARROWED = {"ArnEquals": {"aws:PrincipalArn": [ROLE_ARN]}, "Bool": VIA_MOUNT_TARGET}


def held_by(resource_type: str, property: str, *statements: dict[str, Any], **resources: Any) -> Template:
    properties = {property: {"Statement": list(statements)}}
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}}, OURS)


def trust(*statements: dict[str, Any], **resources: Any) -> Template:
    return held_by("AWS::IAM::Role", "AssumeRolePolicyDocument", *statements, **resources)


def allow(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def file_system(**condition: Any) -> Template:
    return held_by("AWS::EFS::FileSystem", "FileSystemPolicy", allow({"AWS": "*"}, MOUNT, **condition))


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (trust(allow("*")), ["Principal::*"]),
        (
            trust(allow({"AWS": "arn:aws:iam::111122223333:root"})),
            ["Principal::arn:aws:iam::111122223333:root"],
        ),
        (trust(allow({"AWS": "111122223333"})), ["Principal::111122223333"]),
        (
            trust({"Effect": "Allow", "NotPrincipal": {"AWS": "x"}, "Action": "sts:AssumeRole"}),
            ["NotPrincipal"],
        ),
        (
            trust(allow({"Service": "ec2.amazonaws.com"}), allow({"AWS": "arn:aws:iam::111122223333:role/r"})),
            ["Mixed::AWS+Service"],
        ),
        (held_by("AWS::S3::BucketPolicy", "PolicyDocument", allow("*", "s3:GetObject")), ["Principal::*"]),
        (trust(allow({"Service": "ec2.amazonaws.com"})), []),
        (trust(allow({"AWS": "111122223333"}, StringEquals={"sts:ExternalId": "secret"})), []),
        (trust({**allow("*"), "Effect": "Deny"}), []),
        (
            held_by("AWS::KMS::Key", "KeyPolicy", allow({"AWS": "arn:aws:iam::999999999999:root"}, "kms:*")),
            ["Foreign::arn:aws:iam::999999999999:root"],
        ),
        (
            held_by("AWS::KMS::Key", "KeyPolicy", allow({"AWS": {"Ref": "AWS::AccountId"}}, "kms:*")),
            [],
        ),
    ],
)
def test_iam8_reports_open_policies(template: Template, expected: list[str]) -> None:
    assert details(open_principals(template)) == expected


def test_iam8_lets_a_file_system_say_anyone_when_narrowed_to_literal_roles_and_mount_targets() -> None:
    assert details(open_principals(file_system(**NARROWED))) == []


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"ArnEquals": NARROWED["ArnEquals"]},
        {"Bool": VIA_MOUNT_TARGET},
        {**NARROWED, "Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
        {"ArnLike": NARROWED["ArnEquals"], "Bool": VIA_MOUNT_TARGET},
        {"ArnEqualsIfExists": NARROWED["ArnEquals"], "Bool": VIA_MOUNT_TARGET},
        {**NARROWED, "ArnEquals": {"aws:PrincipalArn": [ROLE_ARN, "arn:aws:iam::111122223333:role/*"]}},
        {**NARROWED, "ArnEquals": {"aws:PrincipalArn": ["arn:aws:iam::111122223333:root"]}},
        {**NARROWED, "ArnEquals": {"aws:PrincipalArn": [ROLE_ARN, FOREIGN]}},
        {**NARROWED, "ArnEquals": {"aws:PrincipalArn": []}},
    ],
)
def test_iam8_reports_a_file_system_that_is_narrowed_in_any_other_way(condition: dict[str, Any]) -> None:
    assert details(open_principals(file_system(**condition))) == ["Principal::*"]


def test_iam8_gives_the_exception_to_file_systems_only() -> None:
    queue = held_by("AWS::SQS::QueuePolicy", "PolicyDocument", allow({"AWS": "*"}, "sqs:SendMessage", **NARROWED))

    assert details(open_principals(queue)) == ["Principal::*"]


HELD = [
    ("AWS::SQS::QueuePolicy", "PolicyDocument", "sqs:SendMessage"),
    ("AWS::S3::BucketPolicy", "PolicyDocument", "s3:PutBucketPolicy"),
    ("AWS::KMS::Key", "KeyPolicy", "kms:PutKeyPolicy"),
    ("AWS::EFS::FileSystem", "FileSystemPolicy", "elasticfilesystem:ClientMount"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "secretsmanager:GetSecretValue"),
    ("AWS::ECR::Repository", "RepositoryPolicyText", "ecr:BatchGetImage"),
]
ANYONE_BY_MAP = {"Fn::Sub": ["${x}", {"x": "*"}]}


@pytest.mark.parametrize(("resource_type", "property", "action"), HELD)
@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"AWS": {"Ref": "Given"}}, ["Unresolved::<Given>"]),
        ({"AWS": ANYONE_BY_MAP}, ['Principal::["${x}",{"x":"*"}]']),
        ({"Ref": "Given"}, ["Unresolved::Given"]),
        ({"AWS": FOREIGN}, [f"Foreign::{FOREIGN}"]),
        ({"AWS": "arn:aws:iam::111122223333:role/*"}, ["Principal::arn:aws:iam::111122223333:role/*"]),
        ({"Federated": "accounts.google.com"}, ["Principal::accounts.google.com"]),
        ({"CanonicalUser": "79a5"}, ["Unresolved::79a5"]),
        ({"AWS": "arn:aws:iam::111122223333:role/r"}, []),
        ({"AWS": {"Fn::GetAtt": ["Here", "Arn"]}}, []),
        ({"AWS": {"Fn::ImportValue": "RoleArn"}}, []),
    ],
)
def test_iam8_opens_no_resource_to_whom_the_template_does_not_name_or_to_other_accounts(
    resource_type: str, property: str, action: str, principal: Any, expected: list[str]
) -> None:
    here = trust(allow({"Service": "lambda.amazonaws.com"})).resources["It"]

    found = open_principals(held_by(resource_type, property, allow(principal, action), Here=here))

    assert details(found) == expected
