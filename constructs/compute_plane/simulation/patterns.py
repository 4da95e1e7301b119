"""IAM's patterns: wildcards, policy variables, and ARNs part by part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

Context = Mapping[str, str | list[str]]
"""The condition keys of a request, in lower case, with their values."""

VARIABLE = re.compile(r"\$\{(?P<name>[^},]+)(?:,\s*'(?P<default>[^']*)')?\}")
ESCAPED = {"*", "?", "$"}
PARTS = 6
"""Of an ARN."""
SEPARATOR = re.compile(r":(?![^{}]*\})")
"""A colon that is not part of a variable's name."""


class SimulationError(ValueError):
    """What the simulation cannot decide; it never guesses."""


def matches(pattern: str, value: str, context: Context, *, ignore_case: bool = False) -> bool:
    """Whether a pattern with `*`, `?` and policy variables is this value."""
    expression = _expression(pattern, context)
    return expression is not None and _compiled(expression, ignore_case).fullmatch(value) is not None


def matches_arn(pattern: str, value: str, context: Context) -> bool:
    """As `matches`, but no wildcard reaches over a colon, except in the last part."""
    wanted, given = SEPARATOR.split(pattern, PARTS - 1), value.split(":", PARTS - 1)
    if len(wanted) != PARTS:
        raise SimulationError(f"'{pattern}' is no ARN; an ARN has {PARTS} parts between colons")
    if len(given) != PARTS:
        return False
    return all(matches(part, given_part, context) for part, given_part in zip(wanted, given, strict=True))


def text(pattern: str, context: Context) -> str | None:
    """A text whose wildcards mean themselves, with its variables filled in; None when one has no value."""
    found: list[str] = []
    last = 0
    for variable in VARIABLE.finditer(pattern):
        value = _value(variable, context)
        if value is None:
            return None
        found += [pattern[last : variable.start()], value]
        last = variable.end()
    return "".join([*found, pattern[last:]])


def _expression(pattern: str, context: Context) -> str | None:
    if "${" not in pattern:
        return _wildcards(pattern)
    found: list[str] = []
    last = 0
    for variable in VARIABLE.finditer(pattern):
        value = _value(variable, context)
        if value is None:
            return None
        found += [_wildcards(pattern[last : variable.start()]), re.escape(value)]
        last = variable.end()
    return "".join([*found, _wildcards(pattern[last:])])


def _value(variable: re.Match[str], context: Context) -> str | None:
    name = variable["name"].strip()
    if name in ESCAPED:
        return name
    value = context.get(name.lower())
    return value if isinstance(value, str) else variable["default"]


@cache
def _wildcards(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")


@cache
def _compiled(expression: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
