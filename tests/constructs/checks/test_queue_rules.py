"""IAM21, firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.queues import closed_queues
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

QUEUE_ARN = {"Fn::GetAtt": ["Queue", "Arn"]}
RULE_ARN = {"Fn::GetAtt": ["Rule", "Arn"]}
SEND = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE_ARN,
    "Condition": {"ArnEquals": {"aws:SourceArn": [RULE_ARN]}},
}
REFUSE: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE_ARN,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def queue_with(
    *statements: Any,
    consumer: Any = "sqs:ReceiveMessage",
    encrypted: bool = True,
    targets: Any = ({"Id": "q", "Arn": QUEUE_ARN},),
    **more: Any,
) -> Template:
    policy = {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Statement": list(statements)}}
    karpenter = {"Statement": [{"Effect": "Allow", "Action": consumer, "Resource": QUEUE_ARN}]}
    return Template(
        {
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": encrypted}},
                "Rule": {
                    "Type": "AWS::Events::Rule",
                    "Properties": {"Targets": list(targets) if isinstance(targets, tuple) else targets},
                },
                "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
                **more,
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


TARGET = {"Id": "q", "Arn": QUEUE_ARN}


@pytest.mark.parametrize(
    "targets",
    [
        [{"Id": "q", "Arn": {"Fn::Sub": "${Queue.Arn}"}}],
        [{"Id": "q", "Arn": {"Fn::Join": ["", [QUEUE_ARN]]}}],
        {"Fn::If": ["Filled", [TARGET], {"Ref": "AWS::NoValue"}]},
    ],
)
def test_iam21_finds_the_queue_however_the_event_rule_names_it(targets: Any) -> None:
    assert list(closed_queues(queue_with(SEND, targets=targets))) == [Finding("Queue", "Missing::deny-without-TLS")]


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {**REFUSE["Condition"], "StringEquals": {"aws:PrincipalAccount": "111122223333"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "true"}}},
        {"Resource": {"Fn::GetAtt": ["Another", "Arn"]}},
    ],
)
def test_iam21_wants_plaintext_refused_always_and_on_this_queue(changes: Any) -> None:
    another = {"Type": "AWS::SQS::Queue", "Properties": {"SqsManagedSseEnabled": True}}

    found = closed_queues(queue_with(SEND, {**REFUSE, **changes}, Another=another))

    assert list(found) == [Finding("Queue", "Missing::deny-without-TLS")]


def test_iam21_takes_a_refusal_on_every_resource_for_one_on_this_queue() -> None:
    assert list(closed_queues(queue_with(SEND, {**REFUSE, "Resource": "*"}))) == []


@pytest.mark.parametrize(
    ("service", "expected"), [("sns.amazonaws.com", ["Principal::sns.amazonaws.com"]), ("events.amazonaws.com", [])]
)
def test_iam21_reads_the_senders_of_inline_policies(service: str, expected: list[str]) -> None:
    document = {"Statement": [{**SEND, "Principal": {"Service": service}}]}
    inline = {
        "Type": "AWS::SQS::QueueInlinePolicy",
        "Properties": {"Queue": {"Ref": "Queue"}, "PolicyDocument": document},
    }

    found = closed_queues(queue_with(SEND, REFUSE, Inline=inline))

    assert list(found) == [Finding("Queue", detail) for detail in expected]
