"""Label and field selectors, as list, watch and delete requests carry them."""

import re
from collections.abc import Callable
from typing import Any

from rehearsal.kube_api.errors import bad_request

Selects = Callable[[dict[str, Any]], bool]

SET_BASED = re.compile(r"(?P<key>\S+)\s+(?P<operator>in|notin)\s*\((?P<values>[^)]*)\)")
EQUALITY = re.compile(r"(?P<key>[^=!\s]+)\s*(?P<operator>==|=|!=)\s*(?P<value>\S*)")
EXISTENCE = re.compile(r"(?P<negated>!?)\s*(?P<key>[^=!\s,()]+)")


def selector(labels: str = "", fields: str = "") -> Selects:
    """A test of whether an object matches both selectors; an unreadable selector is refused."""
    tests = [_label_test(term) for term in _terms(labels)] + [_field_test(term) for term in _terms(fields)]
    return lambda value: all(test(value) for test in tests)


def _terms(text: str) -> list[str]:
    """The comma-separated terms; commas between parentheses separate values, not terms."""
    return [term.strip() for term in re.split(r",(?![^(]*\))", text) if term.strip()]


def _label_test(term: str) -> Selects:
    if found := SET_BASED.fullmatch(term):
        key, negated = found["key"], found["operator"] == "notin"
        values = {value.strip() for value in found["values"].split(",")}
        return lambda value: (_labels(value).get(key) in values) != negated
    if found := EQUALITY.fullmatch(term):
        key, negated, wanted = found["key"], found["operator"] == "!=", found["value"]
        return lambda value: (_labels(value).get(key) == wanted) != negated
    if found := EXISTENCE.fullmatch(term):
        key, negated = found["key"], bool(found["negated"])
        return lambda value: (key in _labels(value)) != negated
    raise bad_request(f"unable to parse requirement: {term!r}")


def _field_test(term: str) -> Selects:
    found = EQUALITY.fullmatch(term)
    if not found:
        raise bad_request(f"invalid field selector: {term!r}; expected 'key=value' or 'key!=value'")
    path, negated, wanted = found["key"].split("."), found["operator"] == "!=", found["value"]
    return lambda value: (_field(value, path) == wanted) != negated


def _labels(value: dict[str, Any]) -> dict[str, str]:
    return value["metadata"].get("labels") or {}


def _field(value: Any, path: list[str]) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return "" if value is None else str(value)
