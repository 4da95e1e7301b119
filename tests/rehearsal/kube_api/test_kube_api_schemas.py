"""The keywords of structural schemas that need no server."""

from typing import Any

import pytest

from rehearsal.kube_api.pruning import fill_defaults, prune, unknown_fields
from rehearsal.kube_api.schemas import problems


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "abc"], ["a", "abcd"]),
        ({"type": "string", "pattern": "^a$"}, ["a"], ["b", "aa"]),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, [0.5], [0, -1]),
        ({"type": "number", "multipleOf": 5}, [10], [11]),
        ({"type": "boolean"}, [True, False], [1, "true"]),
        ({"type": "integer"}, [1], [True, 1.5, "1"]),
        ({"type": "string", "nullable": True}, [None, "a"], [1]),
        ({"type": "string"}, ["a"], [None]),
        ({"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}}, [["a"]], [[], [1]]),
        ({"type": "array", "x-kubernetes-list-type": "set"}, [["a", "b"]], [["a", "a"]]),
        ({"type": "object", "minProperties": 1}, [{"a": 1}], [{}]),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, [{"a": 1}, {"a": 1, "b": 1}], [{}]),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, [{"a": 1}], [{}, {"a": 1, "b": 1}]),
        ({"not": {"required": ["a"]}}, [{}], [{"a": 1}]),
    ],
)
def test_each_keyword_separates_good_values_from_bad_ones(
    schema: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    accepted = [value for value in good if not any(problems(value, schema, "f"))]
    refused = [value for value in bad if any(problems(value, schema, "f"))]

    assert accepted == good
    assert refused == bad


def test_every_problem_is_found_at_once() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "properties": {"b": {"type": "integer"}, "c": {"items": {"enum": ["x"]}}},
    }

    found = list(problems({"b": "1", "c": ["x", "y"]}, schema, "spec"))

    assert [problem.partition(":")[0] for problem in found] == ["spec.a", "spec.b", "spec.c[1]"]


def test_unknown_fields_are_found_in_lists_and_maps_but_not_in_open_objects() -> None:
    item = {"type": "object", "properties": {"a": {"type": "string"}}}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": item},
            "map": {"type": "object", "additionalProperties": item},
            "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }
    value: dict[str, Any] = {
        "kind": "Any",
        "list": [{"a": ""}, {"b": 1}],
        "map": {"k": {"c": 1}},
        "open": {"d": 1},
    }

    found = list(unknown_fields(value, schema))
    prune(value, schema)

    assert found == ["list[1].b", "map.k.c"]
    assert value == {"kind": "Any", "list": [{"a": ""}, {}], "map": {"k": {}}, "open": {"d": 1}}


def test_defaults_reach_what_defaults_created_and_replace_null() -> None:
    inner = {"type": "object", "default": {}, "properties": {"n": {"type": "integer", "default": 3}}}
    nullable = {"type": "string", "nullable": True, "default": "x"}
    schema = {"type": "object", "properties": {"inner": inner, "list": {"items": inner}, "s": nullable}}
    value: dict[str, Any] = {"inner": None, "list": [{}], "s": None}

    fill_defaults(value, schema)

    assert value == {"inner": {"n": 3}, "list": [{"n": 3}], "s": None}
