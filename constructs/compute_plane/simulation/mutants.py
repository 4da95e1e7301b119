"""Policies made worse on purpose, one change at a time: each must be noticed by a rule or a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.actions import Action, actions_of, matching
from compute_plane.iam.flatten import as_list

Statement = Mapping[str, Any]
DESTRUCTIVE = ("Delete", "Terminate", "Purge", "Schedule", "Put", "Modify", "Update")

NEVER = {"StringEquals": {"aws:RequestedRegion": "nowhere"}}
"""A document without statements would be no policy, so a Deny stays and never applies."""


@dataclass(frozen=True)
class Mutant:
    """A document with one change; `statement` is the index of what changed, `actions` those that it speaks of."""

    what: str
    document: Mapping[str, Any]
    actions: tuple[str, ...]


def mutants(document: Mapping[str, Any]) -> Iterator[Mutant]:
    """A document as the template holds it: references stay, and what is put in their place is literal."""
    statements = as_list(document["Statement"])
    patterns = {pattern for statement in statements for pattern in as_list(statement.get("Action"))}
    granted = {action.name for pattern in patterns for action in matching(pattern)}
    for index, statement in enumerate(statements):
        actions = tuple(as_list(statement.get("Action") or statement.get("NotAction")))
        sid = statement.get("Sid", f"statement {index}")
        for what, changed, added in _changes(statement, granted):
            rest = [*statements[:index], changed, *statements[index + 1 :]]
            yield Mutant(f"{sid}: {what}", {**document, "Statement": rest}, (*actions, *added))


def _changes(statement: Statement, granted: set[str]) -> Iterator[tuple[str, Statement, Sequence[str]]]:
    if statement["Effect"] == "Deny":
        yield "denies nothing any more", {**statement, "Condition": NEVER}, ()
        return
    for operator, tests in (statement.get("Condition") or {}).items():
        for key in tests:
            yield f"without {operator} {key}", {**statement, "Condition": _without(statement, operator, key)}, ()
    for position, resource in enumerate(as_list(statement.get("Resource"))):
        for wide in ("*", f"arn:aws:{_service(statement)}:*:*:*"):
            if resource not in ("*", wide):
                resources = as_list(statement["Resource"])
                resources[position] = wide
                yield f"resource {position} is {wide}", {**statement, "Resource": resources}, ()
    if "Principal" in statement and statement["Principal"] not in ("*", {"AWS": "*"}):
        yield "for everybody", {**statement, "Principal": "*"}, ()
    if "Action" in statement and (added := _destructive(statement, granted)):
        yield f"and {added}", {**statement, "Action": [*as_list(statement["Action"]), added]}, (added,)


def _without(statement: Statement, operator: str, key: str) -> dict[str, Any]:
    """A Condition less one test; an operator without tests goes too."""
    condition = {name: dict(tests) for name, tests in statement["Condition"].items()}
    del condition[operator][key]
    return {name: tests for name, tests in condition.items() if tests}


def _service(statement: Statement) -> str:
    return str(as_list(statement.get("Action") or statement["NotAction"])[0]).split(":")[0]


def _destructive(statement: Statement, granted: set[str]) -> str | None:
    """A mutating action of the same service that the document does not grant, on the same kind of resource if any."""
    kinds = {
        kind.name
        for action in as_list(statement["Action"])
        for each in matching(action)
        for kind in each.resource_types
    }
    candidates = [
        action for action in actions_of(_service(statement)).values() if action.mutates and action.name not in granted
    ]

    def order(action: Action) -> tuple[bool, bool, str]:
        operation = action.name.split(":")[1]
        same = bool(kinds.intersection(kind.name for kind in action.resource_types)) or not kinds
        return not same, not operation.startswith(DESTRUCTIVE), action.name

    return min(candidates, key=order).name if candidates else None
