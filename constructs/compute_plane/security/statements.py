"""What each policy document says, one row a statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.actions import action
from compute_plane.iam.documents import POLICIES
from compute_plane.iam.findings import read_reasons
from compute_plane.iam.flatten import as_list
from compute_plane.markdown import table

HEADINGS = ("It lets the role…", "Actions", "On", "Only when", "Why no narrower")
# What nearly every ARN has, from the longest.
COMMON = (("arn:${AWS::Partition}:", ""), (":${AWS::Region}:${AWS::AccountId}:", ":"), ("::${AWS::AccountId}:", ":"))


def statement_tables() -> Iterator[str]:
    """A heading and a table for each document, in the order of their names."""
    reasons = read_reasons()["statements"]
    for file in sorted(POLICIES.glob("*.json")):
        document = json.loads(file.read_text(encoding="utf-8"))
        rows = [_row(statement, reasons.get(file.stem, {})) for statement in document["Statement"]]
        yield f"### {file.stem}\n\n{table(HEADINGS, rows)}"


@dataclass(frozen=True)
class Figures:
    """How many statements there are, and how many say `*`."""

    allowing: int
    anywhere: int
    """Whose resource is `*` alone."""
    actions: int
    """In those."""
    avoidable: tuple[str, ...]
    """Those of these actions that have a resource level in IAM."""


def figures() -> Figures:
    """Of our own statements that allow something to an identity: not of vendors' own, and not of boundaries, which
    allow nothing by themselves."""
    ours = [file for file in POLICIES.glob("*.json") if "-vendor" not in file.stem and "-boundary" not in file.stem]
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in ours]
    allowing = [
        statement
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow" and "Principal" not in statement
    ]
    anywhere = [statement for statement in allowing if as_list(statement.get("Resource")) == ["*"]]
    named = {name for statement in anywhere for name in as_list(statement["Action"])}
    known = {name: action(name) for name in named}
    return Figures(
        allowing=len(allowing),
        anywhere=len(anywhere),
        actions=len(named),
        avoidable=tuple(sorted(name for name, found in known.items() if found and found.resource_arns)),
    )


def _row(statement: Mapping[str, Any], reasons: Mapping[str, str]) -> tuple[str, ...]:
    sid = statement["Sid"]
    effect = "" if statement["Effect"] == "Allow" else "denied: "
    return (
        sid,
        effect + "\n".join(_each(statement, "Action", "all but ")),
        "\n".join(_short(resource) for resource in _each(statement, "Resource", "all but ")),
        "\n".join(_conditions(statement)),
        reasons.get(sid, ""),
    )


def _each(statement: Mapping[str, Any], key: str, negation: str) -> list[str]:
    negated = [f"{negation}{value}" for value in as_list(statement.get(f"Not{key}"))]
    return [*as_list(statement.get(key)), *negated]


def _conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for kind, name in _principals(statement):
        yield f"the caller is {kind} {name}"
    for operator, tests in (statement.get("Condition") or {}).items():
        for key, values in tests.items():
            yield f"{operator} {key}: {', '.join(str(value) for value in as_list(values))}"


def _principals(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        return [(kind, name) for kind, names in principal.items() for name in as_list(names)]
    return [("anyone", "")] if principal == "*" else []


def _short(arn: str) -> str:
    for common, short in COMMON:
        arn = arn.replace(common, short)
    return arn
