"""Which findings cdk-nag has about a policy document, and which of them the reasons on record answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import Acknowledgment
from ruamel.yaml import YAML

from compute_plane.iam.flatten import as_list, flatten

REASONS = Path(__file__).parent / "reasons.yaml"
WILDCARD = "AwsSolutions::AwsSolutions-IAM5"
MANAGED_POLICY = "AwsSolutions::AwsSolutions-IAM4"

Reasons = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def read_reasons() -> Reasons:
    """`statements`: document -> Sid -> reason; `managed_policies`: trust document -> name -> reason."""
    return YAML(typ="safe").load(REASONS.read_text(encoding="utf-8"))


def wildcard_findings(statement: Mapping[str, Any]) -> list[str]:
    """What cdk-nag's IAM5 says of one resolved statement: its wildcard actions, then its resources."""
    if statement.get("Effect") != "Allow":
        return []
    actions = [f"Action::{action}" for action in as_list(statement.get("Action")) if "*" in action]
    resources = [flatten(resource) for resource in as_list(statement.get("Resource"))]
    found = [*actions, *(f"Resource::{resource}" for resource in resources if "*" in resource)]
    return list(dict.fromkeys(found))


def acknowledge_wildcards(
    documents: Mapping[str, Mapping[str, Any]], reasons: Mapping[str, Mapping[str, str]]
) -> list[Acknowledgment]:
    """The findings whose every statement has a reason: cdk-nag reports `Resource::*` once a role, however
    many statements hold it, so one statement without a reason keeps the finding open for all of them."""
    answers: dict[str, list[str | None]] = {}
    for name, document in documents.items():
        for statement in document["Statement"]:
            sid = statement["Sid"]
            reason = reasons.get(name, {}).get(sid)
            for finding in wildcard_findings(statement):
                answers.setdefault(finding, []).append(f"{sid}: {reason}" if reason else None)
    return [
        Acknowledgment(id=f"{WILDCARD}[{finding}]", reason=" ".join(r for r in given if r))
        for finding, given in answers.items()
        if all(given)
    ]


def acknowledge_managed_policies(names: Sequence[str], reasons: Mapping[str, str]) -> list[Acknowledgment]:
    """The AWS managed policies that have a reason; an unknown one keeps its finding."""
    return [
        Acknowledgment(
            id=f"{MANAGED_POLICY}[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]", reason=reasons[name]
        )
        for name in names
        if name in reasons
    ]
