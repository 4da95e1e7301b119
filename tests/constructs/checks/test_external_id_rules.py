"""IAM7, IAM9 and IAM15, each firing and staying silent."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.external_ids import external_ids
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.grants import grants_for_services
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template
from compute_plane.checks.users import no_users
from compute_plane.config.environment import EnvironmentConfig

OTHER = "arn:aws:iam::999999999999:role/control-plane"
MISSING = [f"Missing::sts:ExternalId::{OTHER}"]
VISITORS = frozenset({"iam::999999999999:role/control-plane", "iam::999999999999:root"})
OURS = PlaneFacts(account="111122223333", cluster_name="cp", external_ids=("agreed-1",), visitors=VISITORS)
STRANGER = "arn:aws:iam::444455556666:root"


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def trust(principal: Any, external_id: Any = None, operator: str = "StringEquals", **parameter: Any) -> Template:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if external_id:
        statement["Condition"] = {operator: {"sts:ExternalId": external_id}}
    properties = {"AssumeRolePolicyDocument": {"Statement": [statement]}}
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    here = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [service]}}}
    resources = {"It": {"Type": "AWS::IAM::Role", "Properties": properties}, "Here": here}
    return Template({"Resources": resources, "Parameters": {"Given": parameter}}, OURS)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (trust({"AWS": OTHER}, "agreed-1"), []),
        (trust({"AWS": "999999999999"}, "agreed-1"), []),
        (trust({"AWS": OTHER}, {"Ref": "Given"}, Type="String"), []),
        (trust({"AWS": "arn:aws:iam::111122223333:role/ours"}), []),
        (trust({"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/ours"]]}}), []),
        (trust({"AWS": {"Fn::GetAtt": ["Here", "Arn"]}}), []),
        (trust({"AWS": {"Fn::ImportValue": "RoleArn"}}), []),
        (trust({"Service": "ec2.amazonaws.com"}), []),
        (trust({"AWS": OTHER}), MISSING),
        (trust({"AWS": OTHER}, "agreed-1", "StringLike"), MISSING),
        (trust({"AWS": OTHER}, "agreed-1", "StringEqualsIfExists"), MISSING),
        (trust({"AWS": "999999999999"}), ["Missing::sts:ExternalId::999999999999"]),
        (trust({"AWS": {"Ref": "Given"}}), ["Missing::sts:ExternalId::<Given>", "NotConfigured::<Given>"]),
        (trust({"AWS": {"Ref": "Given"}}, "agreed-1"), ["NotConfigured::<Given>"]),
        (trust({"AWS": STRANGER}, "agreed-1"), [f"NotConfigured::{STRANGER}"]),
        (trust({"AWS": "444455556666"}, "agreed-1"), ["NotConfigured::444455556666"]),
        (trust({"AWS": OTHER + "-2"}, "agreed-1"), [f"NotConfigured::{OTHER}-2"]),
        (trust({"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::999999999999:root"}}, "agreed-1"), []),
        (trust({"AWS": OTHER}, "x"), ["Short::sts:ExternalId::x"]),
        (trust({"AWS": OTHER}, "example"), ["NotConfigured::sts:ExternalId::example"]),
        (trust({"AWS": OTHER}, ["agreed-1", "other"]), ["NotConfigured::sts:ExternalId::other"]),
        (trust({"AWS": OTHER}, {"Ref": "Given"}, Default="changeme"), ["Default::sts:ExternalId::<Given>"]),
    ],
)
def test_iam7_wants_the_configured_external_id_of_another_account(template: Template, expected: list[str]) -> None:
    assert details(external_ids(template)) == expected


def test_iam7_takes_any_literal_account_for_another_where_ours_is_unknown() -> None:
    resources = trust({"AWS": "arn:aws:iam::111122223333:role/ours"}).resources

    found = details(external_ids(Template({"Resources": resources})))

    assert found == ["Missing::sts:ExternalId::arn:aws:iam::111122223333:role/ours"]


def test_iam7_takes_visitors_from_the_configuration(
    configuration: dict[str, Any], load_raw: Callable[[dict[str, Any]], EnvironmentConfig]
) -> None:
    platform = {"principal": "arn:aws:iam::222233334444:role/control-plane", "external_id": "agreed-1"}
    visitors = {"platform": platform, "cross_account": {"account": "444455556666", "external_id": "agreed-2"}}

    facts = PlaneFacts.of(load_raw(configuration | {"data": {"artifact_bucket": {}}, "iam": visitors}), None)

    assert facts.visitors == {"iam::222233334444:role/control-plane", "iam::444455556666:root"}
    assert PlaneFacts.of(load_raw(configuration), None).visitors == frozenset()


@pytest.mark.parametrize(
    ("resource_type", "properties", "expected"),
    [
        ("AWS::IAM::User", {}, ["Type::AWS::IAM::User"]),
        ("AWS::IAM::AccessKey", {}, ["Type::AWS::IAM::AccessKey"]),
        ("AWS::IAM::Group", {}, ["Type::AWS::IAM::Group"]),
        ("AWS::IAM::ManagedPolicy", {"Users": ["someone"]}, ["Attached::Users"]),
        ("AWS::IAM::Policy", {"Groups": ["all"]}, ["Attached::Groups"]),
        ("AWS::IAM::ManagedPolicy", {"Roles": ["r"]}, []),
        ("AWS::IAM::Role", {}, []),
    ],
)
def test_iam9_wants_no_credentials_that_last(resource_type: str, properties: Any, expected: list[str]) -> None:
    template = Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}}})

    assert details(no_users(template)) == expected


KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/1"
FOR_SERVICES = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
ROOT = {"AWS": "arn:aws:iam::111122223333:root"}


def holder(resource_type: str, action: str, **more: Any) -> Template:
    document = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": KEY_ARN, **more}]}
    held = "KeyPolicy" if resource_type == "AWS::KMS::Key" else "PolicyDocument"
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": {held: document}}}}, OURS)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (holder("AWS::IAM::Policy", "kms:CreateGrant", Condition=FOR_SERVICES), []),
        (holder("AWS::IAM::Policy", "kms:DescribeKey"), []),
        (holder("AWS::KMS::Key", "kms:*", Principal=ROOT), []),
        (holder("AWS::IAM::Policy", "kms:CreateGrant"), [f"kms:CreateGrant::{KEY_ARN}"]),
        (holder("AWS::IAM::Policy", "kms:*"), [f"kms:CreateGrant::{KEY_ARN}"]),
        (
            holder("AWS::IAM::Policy", "kms:CreateGrant", Condition={"Bool": {"kms:GrantIsForAWSResource": "false"}}),
            [f"kms:CreateGrant::{KEY_ARN}"],
        ),
        (
            holder("AWS::IAM::Policy", "kms:CreateGrant", Condition={"BoolIfExists": FOR_SERVICES["Bool"]}),
            [f"kms:CreateGrant::{KEY_ARN}"],
        ),
        (holder("AWS::KMS::Key", "kms:CreateGrant", Principal={"AWS": OTHER}), [f"kms:CreateGrant::{KEY_ARN}"]),
    ],
)
def test_iam15_wants_grants_for_aws_services_only(template: Template, expected: list[str]) -> None:
    assert details(grants_for_services(template)) == expected
