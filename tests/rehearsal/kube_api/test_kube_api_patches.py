"""The patch formats that need no field owners."""

from typing import Any

import pytest

from rehearsal.kube_api.errors import ApiError
from rehearsal.kube_api.patches import json_patch, merge_patch
from rehearsal.kube_api.strategic import strategic_merge_patch


def test_a_merge_patch_merges_objects_replaces_lists_and_removes_nulls() -> None:
    value = {"a": {"b": 1, "c": 2}, "list": [1, 2]}

    patched = merge_patch(value, {"a": {"b": None, "d": 3}, "list": [3]})

    assert patched == {"a": {"c": 2, "d": 3}, "list": [3]}
    assert value == {"a": {"b": 1, "c": 2}, "list": [1, 2]}


def test_a_json_patch_does_every_operation() -> None:
    value = {"a": {"x/y": 1}, "list": [1, 3]}
    operations = [
        {"op": "test", "path": "/a/x~1y", "value": 1},
        {"op": "replace", "path": "/a/x~1y", "value": 2},
        {"op": "add", "path": "/list/1", "value": 2},
        {"op": "add", "path": "/list/-", "value": 4},
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "move", "from": "/b", "path": "/c"},
        {"op": "remove", "path": "/list/0"},
    ]

    patched = json_patch(value, operations)

    assert patched == {"a": {"x/y": 2}, "list": [2, 3, 4], "c": {"x/y": 2}}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/a", "value": 2},
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/b", "value": 1},
        {"op": "increment", "path": "/a"},
    ],
)
def test_a_json_patch_that_cannot_be_done_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refusal:
        json_patch({"a": 1}, [operation])

    assert refusal.value.code == 422


def containers(*names: str) -> dict[str, Any]:
    return {"containers": [{"name": name, "image": f"{name}:1", "args": ["x"]} for name in names]}


def test_a_strategic_patch_changes_one_container_and_leaves_the_others() -> None:
    patch = {"containers": [{"name": "b", "image": "b:2"}, {"name": "c", "image": "c:1"}]}

    patched = strategic_merge_patch(containers("a", "b"), patch)

    images = [(item["name"], item["image"]) for item in patched["containers"]]
    assert images == [("a", "a:1"), ("b", "b:2"), ("c", "c:1")]
    assert patched["containers"][1]["args"] == ["x"]


def test_a_strategic_patch_deletes_and_orders_items() -> None:
    patch = {
        "$setElementOrder/containers": [{"name": "c"}, {"name": "a"}],
        "containers": [{"name": "b", "$patch": "delete"}],
    }

    patched = strategic_merge_patch(containers("a", "b", "c"), patch)

    assert [item["name"] for item in patched["containers"]] == ["c", "a"]


@pytest.mark.parametrize(
    ("name", "old", "patch", "expected"),
    [
        ("args", ["a"], ["b"], ["b"]),
        ("tolerations", [{"key": "a"}], [{"key": "b"}], [{"key": "b"}]),
        ("finalizers", ["a"], ["b"], ["a", "b"]),
        ("env", [{"name": "A", "value": "1"}], [{"name": "A", "value": "2"}], [{"name": "A", "value": "2"}]),
        ("volumeMounts", [{"mountPath": "/a", "name": "x"}], [], []),
        (
            "ports",
            [{"port": 80, "name": "http"}],
            [{"port": 443}],
            [{"port": 80, "name": "http"}, {"port": 443}],
        ),
        ("volumes", [{"name": "a"}], [{"$patch": "replace"}, {"name": "b"}], [{"name": "b"}]),
    ],
)
def test_a_strategic_patch_merges_each_list_by_its_own_rule(
    name: str, old: list[Any], patch: list[Any], expected: list[Any]
) -> None:
    patched = strategic_merge_patch({name: old}, {name: patch})

    assert patched == {name: expected}


def test_a_strategic_patch_follows_the_directives_on_objects_and_scalars() -> None:
    value = {"strategy": {"type": "RollingUpdate", "rollingUpdate": {}}, "finalizers": ["a", "b"]}
    patch = {
        "strategy": {"$retainKeys": ["type"], "type": "Recreate"},
        "$deleteFromPrimitiveList/finalizers": ["a"],
    }

    patched = strategic_merge_patch(value, patch)

    assert patched == {"strategy": {"type": "Recreate"}, "finalizers": ["b"]}
