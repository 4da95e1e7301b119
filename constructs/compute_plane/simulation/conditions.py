"""IAM's condition operators. One that is not known is an error: a pass would hide it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import Any

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.patterns import Context, SimulationError, matches, matches_arn, text

Test = Callable[[str, str, Context], bool]
"""A value that the policy names, a value of the request, the request's context."""

OPERATOR = re.compile(r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<name>[A-Za-z]+?)(?P<if_exists>IfExists)?")


def holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every test of a Condition element is met. Keys know no case; values do where their operator does."""
    return all(
        _test(operator, key, _texts(wanted), context)
        for operator, tests in condition.items()
        for key, wanted in tests.items()
    )


def _test(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    found = OPERATOR.fullmatch(operator)
    if found is None or found["name"] not in {*TESTS, *NEGATED, "Null"}:
        raise SimulationError(f"the condition operator '{operator}' is not supported; known are {sorted(_known())}")
    given = context.get(key.lower())
    if found["name"] == "Null":
        return _null(operator, wanted, given)
    if given is None or given == []:
        return _without(found)
    negated = found["name"] in NEGATED
    test = TESTS[NEGATED.get(found["name"], found["name"])]

    def meets(value: str) -> bool:
        return any(test(each, value, context) for each in wanted) != negated

    if found["set"] == "ForAllValues":
        return all(meets(value) for value in as_list(given))
    if found["set"] == "ForAnyValue":
        return any(meets(value) for value in as_list(given))
    if isinstance(given, list):
        raise SimulationError(f"{operator} on '{key}', which has several values, needs ForAllValues or ForAnyValue")
    return meets(given)


def _null(operator: str, wanted: list[str], given: str | list[str] | None) -> bool:
    if operator != "Null" or [value.lower() for value in wanted] not in (["true"], ["false"]):
        raise SimulationError(f"'{operator}: {wanted}' is not supported; Null takes one value, true or false")
    return (given is None or given == []) == (wanted[0].lower() == "true")


def _without(operator: re.Match[str]) -> bool:
    """What a test says of a key that the request does not have."""
    if operator["set"] == "ForAnyValue":
        return bool(operator["if_exists"])
    return bool(operator["set"] or operator["if_exists"] or operator["name"] in NEGATED)


def _texts(values: Any) -> list[str]:
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in as_list(values)]


def _exactly(wanted: str, value: str, context: Context) -> bool:
    return text(wanted, context) == value


def _ignoring_case(wanted: str, value: str, context: Context) -> bool:
    filled = text(wanted, context)
    return filled is not None and filled.lower() == value.lower()


def _arn(wanted: str, value: str, context: Context) -> bool:
    return wanted == "*" or matches_arn(wanted, value, context)


def _boolean(wanted: str, value: str, _: Context) -> bool:
    return wanted.lower() == value.lower()


def _in_network(wanted: str, value: str, _: Context) -> bool:
    return ip_address(value) in ip_network(wanted, strict=False)


def _numbers(compare: Callable[[Any, Any], bool]) -> Test:
    return lambda wanted, value, _: compare(float(value), float(wanted))


def _dates(compare: Callable[[Any, Any], bool]) -> Test:
    return lambda wanted, value, _: compare(_date(value), _date(wanted))


def _date(value: str) -> datetime:
    """ISO 8601, or seconds since 1970."""
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


COMPARISONS = {"Equals": eq, "LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
TESTS: dict[str, Test] = {
    "StringEquals": _exactly,
    "StringEqualsIgnoreCase": _ignoring_case,
    "StringLike": matches,
    "ArnEquals": _arn,
    "ArnLike": _arn,
    "Bool": _boolean,
    "IpAddress": _in_network,
    **{f"Numeric{name}": _numbers(compare) for name, compare in COMPARISONS.items()},
    **{f"Date{name}": _dates(compare) for name, compare in COMPARISONS.items()},
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}


def _known() -> set[str]:
    return {*TESTS, *NEGATED, "Null"}
