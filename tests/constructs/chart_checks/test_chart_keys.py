"""What is wrong with values is said with the key, its nearest live one, and what is expected."""

from typing import Any

import pytest

from compute_plane.chart_checks.keys import nearest, wrong_keys
from compute_plane.chart_checks.paths import dotted, drop, mutations, put

TREE: dict[str, Any] = {
    "replicas": "number",
    "image": {"repository": "string", "tag": "any"},
    "controller": {"tags": "map", "enabled": "boolean", "args": "list|map"},
    "merge": {"known": "string", "*": "any"},
    "legacy": {"mode": "dead"},
    "extraTags": "map",
}


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ({"image": {"tag": "1", "repository": "a"}, "controller": {"args": ["x"]}}, []),
        ({"controller": {"tags": {"any": {"thing": 1}}}, "merge": {"other": 1}}, []),
        ({"replicas": None, "image": None, "controller": {"enabled": None}}, []),
        ({"replicas": "50%"}, []),
        ({"replica": 2}, ["replica: the chart has no such key; the nearest it has is replicas"]),
        ({"image": {"tags": "1"}}, ["image.tags: the chart has no such key; the nearest it has is image.tag"]),
        ({"tags": {}}, ["tags: the chart has no such key; the nearest it has is controller.tags"]),
        ({"service": {"enabled": True}}, ["service: the chart has no such key"]),
        ({"legacy": {"mode": "x"}}, ["legacy.mode: no template reads this key"]),
        ({"controller": {"enabled": "false"}}, ["controller.enabled: expected boolean; got string"]),
        ({"controller": {"args": True}}, ["controller.args: expected list or map; got boolean"]),
        ({"extraTags": ["a"]}, ["extraTags: expected map; got list"]),
        ({"image": "a:1"}, ["image: expected a map of repository, tag; got string"]),
        (
            {"image": {"x.y": 1}, "replicas": True},
            ['image."x.y": the chart has no such key', "replicas: expected number; got boolean"],
        ),
    ],
)
def test_every_wrong_key_has_its_message(values: dict[str, Any], messages: list[str]) -> None:
    assert [str(each) for each in wrong_keys(TREE, values)] == messages


def test_a_key_of_the_same_name_elsewhere_is_the_nearest() -> None:
    assert nearest(TREE, ("controler", "enabled")) == ("controller", "enabled")
    assert nearest(TREE, ("nothing", "like")) is None


def test_paths_change_copies_only() -> None:
    values = {"a": {"b": {"c": 1}}, "d": 2}

    changed = [put(values, ("a", "b", "c"), 3), put(values, ("d", "e"), 4), drop(values, ("a", "b", "c"))]

    assert changed == [{"a": {"b": {"c": 3}}, "d": 2}, {"a": {"b": {"c": 1}}, "d": {"e": 4}}, {"d": 2}]
    assert values == {"a": {"b": {"c": 1}}, "d": 2}
    assert dotted(("a", "b.c")) == 'a."b.c"'


@pytest.mark.parametrize("value", [True, 3, 2.5, "", "text", [], ["a"], {}, {"a": 1}, None])
def test_a_mutation_is_another_value(value: Any) -> None:
    changed = mutations(value)

    assert changed
    assert value not in changed
