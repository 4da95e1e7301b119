"""Which findings of our own rules are accepted on a policy document, each with the reason on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import Acknowledgment, CfnResource, Stack
from ruamel.yaml import YAML

from compute_plane.iam.flatten import flatten
from compute_plane.iam.placeholders import TOKEN, Placeholders, Value

FILE = Path(__file__).parent / "acknowledgements.yaml"

Accepted = Mapping[str, Sequence[Mapping[str, Any]]]


@cache
def read_accepted() -> Accepted:
    """Policy document -> what is accepted on it: `rule`, `reason`, and the `details` that the rule finds."""
    return YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))


def acknowledge_rules(
    resource: CfnResource, documents: Iterable[str], values: Mapping[str, Value]
) -> list[Acknowledgment]:
    """The findings of our rules that are accepted on the resource, which holds these documents.

    A detail holds the documents' own placeholders; what CloudFormation knows stands there as findings write it.
    """
    entries = [entry for document in documents for entry in read_accepted().get(document, [])]
    return [
        acknowledgement(entry["rule"], detail, reason=entry["reason"])
        for entry in entries
        for detail in _written(resource, Placeholders(FILE.name, values).fill(entry["details"]))
    ]


def _written(resource: CfnResource, details: list[str]) -> list[str]:
    """As findings write them. CDK is asked for references only, because its `resolve` takes milliseconds."""
    if not any(TOKEN in detail for detail in details):
        return details
    return [flatten(detail) for detail in Stack.of(resource).resolve(details)]


def acknowledgement(rule: str, detail: str, *, reason: str) -> Acknowledgment:
    """One finding of one of our rules, accepted."""
    return Acknowledgment(id=f"ComputePlane::ComputePlane-{rule}[{detail}]", reason=reason)
