"""IAM8 and IAM10, each firing and staying silent."""

import copy
from typing import Any

import pytest

from compute_plane.checks.principals import one_service_account, open_principals
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

MOUNT = "elasticfilesystem:ClientMount"
ROLE_ARN = {
    "Fn::Join": [
        "",
        ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/cp-efs-node"],
    ]
}
VIA_MOUNT_TARGET = {"elasticfilesystem:AccessedViaMountTarget": "true"}
NARROWED = {"ArnEquals": {"aws:PrincipalArn": [ROLE_ARN]}, "Bool": VIA_MOUNT_TARGET}
POD = {
    "aws:SourceAccount": {"Ref": "AWS::AccountId"},
    "aws:RequestTag/eks-cluster-name": "cp",
    "aws:RequestTag/kubernetes-namespace": "kube-system",
    "aws:RequestTag/kubernetes-service-account": "karpenter",
}
SUBJECT = "system:serviceaccount:kube-system:karpenter"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/X"


def held_by(resource_type: str, property: str, *statements: dict[str, Any], **resources: Any) -> Template:
    properties = {property: {"Statement": list(statements)}}
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}})


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
            ["Principal::arn:aws:iam::999999999999:root"],
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
        {**NARROWED, "ArnEquals": {"aws:PrincipalArn": []}},
    ],
)
def test_iam8_reports_a_file_system_that_is_narrowed_in_any_other_way(condition: dict[str, Any]) -> None:
    assert details(open_principals(file_system(**condition))) == ["Principal::*"]


def test_iam8_gives_the_exception_to_file_systems_only() -> None:
    queue = held_by("AWS::SQS::QueuePolicy", "PolicyDocument", allow({"AWS": "*"}, "sqs:SendMessage", **NARROWED))

    assert details(open_principals(queue)) == ["Principal::*"]


def pod_identity(actions: Any = ("sts:AssumeRole", "sts:TagSession"), **changes: Any) -> Template:
    tests = {key: value for key, value in {**POD, **changes}.items() if value is not None}
    return trust(allow({"Service": "pods.eks.amazonaws.com"}, list(actions), StringEquals=tests))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (pod_identity(), []),
        *((pod_identity(**{key: None}), [f"Missing::{key}"]) for key in copy.copy(POD)),
        (
            pod_identity(**{"aws:RequestTag/kubernetes-service-account": ["a", "b"]}),
            ["Several::aws:RequestTag/kubernetes-service-account"],
        ),
        (
            pod_identity(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
            ["Action::sts:SetSourceIdentity"],
        ),
        (trust(allow({"Service": "lambda.amazonaws.com"})), []),
    ],
)
def test_iam10_wants_one_service_account_of_one_cluster(template: Template, expected: list[str]) -> None:
    assert details(one_service_account(template)) == expected


def web_identity(**tests: Any) -> Template:
    principal = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"}
    return trust(allow(principal, "sts:AssumeRoleWithWebIdentity", **tests))


def claims(**values: Any) -> dict[str, Any]:
    return {f"{ISSUER}:{claim}": value for claim, value in values.items()}


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ({"StringEquals": claims(aud="sts.amazonaws.com", sub=SUBJECT)}, []),
        ({"StringEquals": claims(sub=SUBJECT)}, ["Audience::missing"]),
        ({"StringEquals": claims(aud="sts.amazonaws.com")}, ["Subject::missing"]),
        (
            {"StringEquals": claims(aud="sts.amazonaws.com"), "StringLike": claims(sub=SUBJECT)},
            ["Subject::missing"],
        ),
        (
            {"StringEquals": claims(aud="sts.amazonaws.com", sub="system:serviceaccount:*:karpenter")},
            ["Subject::system:serviceaccount:*:karpenter"],
        ),
        (
            {"StringEquals": claims(aud="sts.amazonaws.com", sub=[SUBJECT, "system:serviceaccount:a:b"])},
            [f"Subject::{SUBJECT},system:serviceaccount:a:b"],
        ),
        ({}, ["Audience::missing", "Subject::missing"]),
    ],
)
def test_iam10_wants_audience_and_subject_of_a_web_identity(tests: dict[str, Any], expected: list[str]) -> None:
    assert details(one_service_account(web_identity(**tests))) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [(SUBJECT, []), ("system:serviceaccount:a:*", ["Subject::system:serviceaccount:a:*"])],
)
def test_iam10_follows_the_claims_into_cdks_json_resource(subject: str, expected: list[str]) -> None:
    issuer = {"Fn::Select": [1, {"Fn::Split": [":oidc-provider/", {"Ref": "Provider"}]}]}
    text = {"Fn::Join": ["", ['{"', issuer, ':aud":"sts.amazonaws.com","', issuer, f':sub":"{subject}"}}']]}
    json_resource = {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": text}}
    statement = allow(
        {"Federated": {"Ref": "Provider"}},
        "sts:AssumeRoleWithWebIdentity",
        StringEquals={"Fn::GetAtt": ["Claims", "Value"]},
    )

    assert details(one_service_account(trust(statement, Claims=json_resource))) == expected
