"""What CloudFormation's conditions can make of a part of a template: every choice of `Fn::If`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

NO_VALUE = {"Ref": "AWS::NoValue"}
MOST_CONDITIONS = 6


class UnreadablePolicyError(ValueError):
    """A policy of which only CloudFormation will know what it says: no rule may skip it."""


def variants(node: Any) -> Iterator[Any]:
    """The node as it is with each choice of `Fn::If`, and without what has no value."""
    names = sorted(set(_conditions(node)))
    if len(names) > MOST_CONDITIONS:
        raise UnreadablePolicyError(f"a policy depends on {len(names)} conditions; the rules read {MOST_CONDITIONS}")
    for choices in product((True, False), repeat=len(names)):
        yield _chosen(node, dict(zip(names, choices, strict=True)))


def _conditions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "Fn::If" in node:
            yield node["Fn::If"][0]
        for value in node.values():
            yield from _conditions(value)
    elif isinstance(node, list):
        for item in node:
            yield from _conditions(item)


def _chosen(node: Any, choices: Mapping[str, bool]) -> Any:
    match node:
        case {"Fn::If": [str() as name, yes, no]}:
            return _chosen(yes if choices[name] else no, choices)
        case dict():
            made = {key: _chosen(value, choices) for key, value in node.items()}
            return {key: value for key, value in made.items() if value != NO_VALUE}
        case list():
            return [value for value in (_chosen(item, choices) for item in node) if value != NO_VALUE]
        case _:
            return node
