"""CFN1, HELM1 and IAM21, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.deployment import charts, nested_stacks
from compute_plane.checks.queues import closed_queues
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

CHART = {"Chart": "istiod", "Version": "1.29.1", "Wait": True, "Atomic": True, "Timeout": "600s"}


def test_cfn1_reports_nested_stacks() -> None:
    resources = {"Nested": {"Type": "AWS::CloudFormation::Stack"}, "Bucket": {"Type": "AWS::S3::Bucket"}}

    assert list(nested_stacks(Template({"Resources": resources}))) == [Finding("Nested", "NestedStack")]
    assert list(nested_stacks(Template({"Resources": {"Bucket": resources["Bucket"]}}))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"Version": "v3.5.0-rc.1+build"}, []),
        ({"Version": None, "ChartAssetURL": "s3://bucket/chart.zip"}, []),
        ({"Version": None}, ["Version::missing"]),
        ({"Version": "1.x"}, ["Version::1.x"]),
        ({"Version": ">=1.29.1"}, ["Version::>=1.29.1"]),
        ({"Wait": None}, ["Missing::Wait"]),
        ({"Atomic": False}, ["Missing::Atomic"]),
        ({"Timeout": None}, ["Timeout::missing"]),
        ({"Timeout": "601s"}, ["Timeout::601s"]),
        ({"Timeout": "15m"}, ["Timeout::15m"]),
    ],
)
def test_helm1_wants_an_exact_atomic_release_that_ends_in_time(changes: Any, expected: list[str]) -> None:
    properties = {key: value for key, value in {**CHART, **changes}.items() if value is not None}
    chart = {"Type": "Custom::AWSCDK-EKS-HelmChart", "Properties": properties}

    assert list(charts(Template({"Resources": {"It": chart}}))) == [Finding("It", detail) for detail in expected]


QUEUE_ARN = {"Fn::GetAtt": ["Queue", "Arn"]}
RULE_ARN = {"Fn::GetAtt": ["Rule", "Arn"]}
SEND = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE_ARN,
    "Condition": {"ArnEquals": {"aws:SourceArn": [RULE_ARN]}},
}
REFUSE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def queue_with(*statements: Any, consumer: Any = "sqs:ReceiveMessage", encrypted: bool = True) -> Template:
    policy = {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Statement": list(statements)}}
    karpenter = {"Statement": [{"Effect": "Allow", "Action": consumer, "Resource": QUEUE_ARN}]}
    return Template(
        {
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": encrypted}},
                "Rule": {
                    "Type": "AWS::Events::Rule",
                    "Properties": {"Targets": [{"Id": "q", "Arn": QUEUE_ARN}]},
                },
                "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
                "Karpenter": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": karpenter}},
            }
        }
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (queue_with(SEND, REFUSE), []),
        (queue_with(SEND), ["Missing::deny-without-TLS"]),
        (queue_with(SEND, REFUSE, encrypted=False), ["Missing::encryption"]),
        (queue_with({**SEND, "Condition": {}}, REFUSE), ["Missing::aws:SourceArn"]),
        (
            queue_with({**SEND, "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:events:::rule/other"}}}, REFUSE),
            ["SourceArn::arn:aws:events:::rule/other"],
        ),
        (
            queue_with({**SEND, "Principal": {"Service": ["events.amazonaws.com", "sqs.amazonaws.com"]}}, REFUSE),
            ["Principal::sqs.amazonaws.com"],
        ),
        (queue_with({**SEND, "Action": "sqs:DeleteMessage"}, REFUSE), ["Action::sqs:DeleteMessage"]),
        (queue_with(SEND, REFUSE, consumer="sqs:PurgeQueue"), ["Consumer::sqs:PurgeQueue"]),
    ],
)
def test_iam21_wants_the_interruption_queue_closed(template: Template, expected: list[str]) -> None:
    assert list(closed_queues(template)) == [Finding("Queue", detail) for detail in expected]


def test_iam21_asks_no_policy_of_a_queue_that_no_event_rule_fills() -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": True}}

    assert list(closed_queues(Template({"Resources": {"DeadLetters": queue}}))) == []
