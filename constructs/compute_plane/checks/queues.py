"""IAM21: only EventBridge fills the interruption queue, and only Karpenter empties it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import Statement, allowed, statements
from compute_plane.checks.template import Template
from compute_plane.checks.variants import variants
from compute_plane.iam.flatten import as_list, flatten

QUEUE = "AWS::SQS::Queue"
QUEUE_POLICIES = {"AWS::SQS::QueuePolicy": "Queues", "AWS::SQS::QueueInlinePolicy": "Queue"}
"""Which property names the queue."""
EVENT_RULE = "AWS::Events::Rule"
CONSUMER = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueUrl"}


def closed_queues(template: Template) -> Iterator[Finding]:
    filled = _queues_of_event_rules(template)
    for queue, properties in template.of_type(QUEUE):
        if properties.get("SqsManagedSseEnabled") is not True and not properties.get("KmsMasterKeyId"):
            yield Finding(queue, "Missing::encryption")
        if queue in filled and not any(
            _refuses_plaintext(template, queue, statement) for statement in _policies_of(template, queue)
        ):
            yield Finding(queue, "Missing::deny-without-TLS")
        if queue in filled:
            for detail in [*_senders(template, queue), *_consumers(template, queue)]:
                yield Finding(queue, detail)


def _queues_of_event_rules(template: Template) -> set[str | None]:
    return {
        template.referred_to(target.get("Arn"))
        for _, rule in template.of_type(EVENT_RULE)
        for targets in variants(rule.get("Targets"))
        for target in as_list(targets)
        if isinstance(target, dict)
    }


def _policies_of(template: Template, queue: str) -> Iterator[Statement]:
    for statement in statements(template, "resource"):
        if held := QUEUE_POLICIES.get(statement.resource_type):
            for queues in variants(template.properties(statement.logical_id).get(held)):
                if any(template.referred_to(each) == queue for each in as_list(queues)):
                    yield statement
                    break


def _refuses_plaintext(template: Template, queue: str, statement: Statement) -> bool:
    """Always: with a second condition, or for another queue, it would let plaintext pass."""
    named = as_list(statement.body.get("Resource"))
    return (
        not statement.allows
        and statement.condition("Bool", "aws:SecureTransport") == ["false"]
        and sum(len(tests) for tests in statement.body["Condition"].values()) == 1
        and any(resource == "*" or template.referred_to(resource) == queue for resource in named)
        and ("AWS", "*") in statement.principals
        and statement.covers("sqs:SendMessage")
        and statement.covers("sqs:ReceiveMessage")
    )


def _senders(template: Template, queue: str) -> Iterator[str]:
    for statement in _policies_of(template, queue):
        if not statement.allows:
            continue
        for kind, name in statement.principals:
            if (kind, name) != ("Service", "events.amazonaws.com"):
                yield f"Principal::{name}"
        for action in statement.actions:
            if action != "sqs:SendMessage":
                yield f"Action::{action}"
        sources = _sources(statement)
        if not sources:
            yield "Missing::aws:SourceArn"
        for source in sources:
            if template.type_of(template.referred_to(source) or "") != EVENT_RULE:
                yield f"SourceArn::{flatten(source)}"


def _sources(statement: Statement) -> list[Any]:
    conditions = statement.body.get("Condition") or {}
    return [
        source
        for operator in ("ArnEquals", "ArnLike")
        for source in as_list((conditions.get(operator) or {}).get("aws:SourceArn"))
    ]


def _consumers(template: Template, queue: str) -> Iterator[str]:
    for statement in allowed(template, "identity"):
        named = as_list(statement.body.get("Resource"))
        if any(template.referred_to(resource) == queue for resource in named):
            yield from (f"Consumer::{action}" for action in statement.actions if action not in CONSUMER)


RULES = (
    Rule(
        id="IAM21",
        title="The interruption queue is closed",
        why="000: «Karpenter has an additional role to listen to interruption events coming from SQS»",
        fix="Encrypt the queue; let events.amazonaws.com send to it from the event rules of this template, "
        "Karpenter receive and delete, and nobody speak to it without TLS.",
        check=closed_queues,
    ),
)
