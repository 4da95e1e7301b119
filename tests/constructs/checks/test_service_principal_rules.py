"""IAM8 for services and functions, firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.principals import open_principals
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

OURS = PlaneFacts(account="111122223333", cluster_name="cp")
TOPIC = {"Fn::GetAtt": ["Topic", "Arn"]}
FOREIGN_TOPIC = "arn:aws:sns:eu-west-1:999999999999:topic"


def held_by(resource_type: str, property: str, *statements: dict[str, Any], **resources: Any) -> Template:
    properties = {property: {"Statement": list(statements)}}
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}}, OURS)


def trust(*statements: dict[str, Any], **resources: Any) -> Template:
    return held_by("AWS::IAM::Role", "AssumeRolePolicyDocument", *statements, **resources)


def allow(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("service", "condition", "expected"),
    [
        ("sns.amazonaws.com", {}, ["AnySource::sns.amazonaws.com"]),
        ("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": FOREIGN_TOPIC}}, ["AnySource::sns.amazonaws.com"]),
        ("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": [TOPIC, FOREIGN_TOPIC]}}, ["AnySource::sns.amazonaws.com"]),
        ("sns.amazonaws.com", {"StringLike": {"aws:SourceAccount": "*"}}, ["AnySource::sns.amazonaws.com"]),
        ("sns.amazonaws.com", {"ArnEqualsIfExists": {"aws:SourceArn": TOPIC}}, ["AnySource::sns.amazonaws.com"]),
        ({"Ref": "Given"}, {"ArnLike": {"aws:SourceArn": TOPIC}}, ["Unresolved::<Given>"]),
        ("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": TOPIC}}, []),
        ("sns.amazonaws.com", {"StringEquals": {"AWS:sourceaccount": {"Ref": "AWS::AccountId"}}}, []),
        ("sns.amazonaws.com", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:*"}}, []),
    ],
)
def test_iam8_lets_a_service_act_for_this_account_only(service: Any, condition: Any, expected: list[str]) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    statement = allow({"Service": service}, "sqs:SendMessage", **condition)

    found = open_principals(held_by("AWS::SQS::QueuePolicy", "PolicyDocument", statement, Topic=topic))

    assert details(found) == expected


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("states.amazonaws.com", ["AnySource::states.amazonaws.com"]),
        ("EC2.amazonaws.com.cn", []),
        ("lambda.amazonaws.com", []),
    ],
)
def test_iam8_asks_for_a_source_where_a_service_assumes_roles_on_requests(service: str, expected: list[str]) -> None:
    assert details(open_principals(trust(allow({"Service": service})))) == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Principal": "events.amazonaws.com"}, ["AnySource::events.amazonaws.com"]),
        ({"Principal": {"Ref": "Given"}}, ["Unresolved::<Given>"]),
        ({"Principal": "events.amazonaws.com", "SourceAccount": {"Ref": "AWS::AccountId"}}, []),
        (
            {
                "Principal": {"Fn::Sub": "events.${AWS::URLSuffix}"},
                "SourceArn": {"Fn::Sub": "arn:aws:events:eu-west-1:${AWS::AccountId}:rule/r"},
            },
            [],
        ),
    ],
)
def test_iam8_reads_permissions_of_functions(properties: dict[str, Any], expected: list[str]) -> None:
    permission = {"Action": "lambda:InvokeFunction", "FunctionName": "f", **properties}
    template = Template({"Resources": {"It": {"Type": "AWS::Lambda::Permission", "Properties": permission}}}, OURS)

    assert details(open_principals(template)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("AWS_IAM", []),
        ("NONE", ["AuthType::NONE"]),
        ({"Fn::If": ["Open", "NONE", "AWS_IAM"]}, ["AuthType::NONE"]),
        ({"Ref": "Given"}, ["AuthType::<Given>"]),
    ],
)
def test_iam8_wants_function_urls_to_know_who_asks(kind: Any, expected: list[str]) -> None:
    url = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": kind}}

    assert details(open_principals(Template({"Resources": {"It": url}}))) == expected
