"""What each policy document says, one row a statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

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


def count() -> tuple[int, int]:
    """All statements that allow something to an identity, and those of them whose resource is `*` alone."""
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in POLICIES.glob("*.json")]
    allowing = [
        statement
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow" and "Principal" not in statement
    ]
    return len(allowing), sum(as_list(statement.get("Resource")) == ["*"] for statement in allowing)


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
