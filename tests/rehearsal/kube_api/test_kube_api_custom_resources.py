"""Custom resources: a definition serves its kind, and its schema is enforced."""

from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., tuple[int, dict[str, Any]]]

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
POOLS = "/apis/example.com/v1/pools"


def pool(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "example.com/v1", "kind": "Pool", "metadata": {"name": "a"}, "spec": spec}


def test_a_kind_is_served_from_its_definition_until_the_definition_goes(
    call: Call, pool_definition: dict[str, Any]
) -> None:
    before, _ = call("GET", POOLS)

    call("POST", DEFINITIONS, pool_definition)
    created, _ = call("POST", POOLS, pool(size=1))
    _, listed = call("GET", POOLS)
    call("DELETE", f"{DEFINITIONS}/pools.example.com")
    after, _ = call("GET", POOLS)

    assert (before, created, after) == (404, 201, 404)
    assert [item["metadata"]["name"] for item in listed["items"]] == ["a"]


def test_defaults_of_the_schema_are_stored(call: Call, pool_definition: dict[str, Any]) -> None:
    call("POST", DEFINITIONS, pool_definition)

    _, created = call("POST", POOLS, pool(size=1))

    assert created["spec"] == {"size": 1, "mode": "spot"}


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ({}, "spec.size: Required value"),
        ({"size": "many"}, 'spec.size: Invalid value: "string": spec.size in body must be of type integer'),
        ({"size": 0}, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
        ({"size": 101}, "should be less than or equal to 100"),
        (
            {"size": 1, "mode": "Spot"},
            'spec.mode: Unsupported value: "Spot": supported values: "spot", "on-demand"',
        ),
        ({"size": 1, "limit": "12X"}, "spec.limit in body should match"),
        ({"size": 1, "limit": True}, "spec.limit in body must be of type integer,string"),
        ({"size": 1, "labels": {"a": 1}}, "spec.labels.a in body must be of type string"),
        ({"size": 1, "labels": {"a": "", "b": "", "c": ""}}, "spec.labels: Too many: 3"),
        ({"size": 1, "taints": [{"value": "x"}]}, "spec.taints[0].key: Required value"),
        ({"size": 1, "taints": [{"key": "x"}, {"key": "x"}]}, "spec.taints[1]: Duplicate value"),
    ],
)
def test_what_breaks_the_schema_is_refused_by_name(
    call: Call, pool_definition: dict[str, Any], spec: dict[str, Any], problem: str
) -> None:
    call("POST", DEFINITIONS, pool_definition)

    code, status = call("POST", POOLS, pool(**spec))

    assert (code, status["reason"]) == (422, "Invalid")
    assert problem in status["message"]


def test_an_unknown_field_is_refused_when_strict_and_pruned_otherwise(
    call: Call, pool_definition: dict[str, Any]
) -> None:
    call("POST", DEFINITIONS, pool_definition)
    value = pool(size=1, sise=2, extra={"anything": 1})

    strict, refusal = call("POST", f"{POOLS}?fieldValidation=Strict", value)
    lenient, created = call("POST", f"{POOLS}?fieldValidation=Ignore", value)

    assert (strict, lenient) == (400, 201)
    assert 'unknown field "spec.sise"' in refusal["message"]
    assert created["spec"] == {"size": 1, "mode": "spot", "extra": {"anything": 1}}


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("metadata", "name"), "pool.example.com", "must be spec.names.plural"),
        (("spec", "scope"), "Global", 'supported values: "Cluster", "Namespaced"'),
        (("spec", "versions"), [{"name": "v1", "served": True, "storage": True}], "schemas are required"),
    ],
)
def test_a_wrong_definition_is_refused(
    call: Call, pool_definition: dict[str, Any], path: tuple[str, str], value: Any, problem: str
) -> None:
    pool_definition[path[0]][path[1]] = value

    code, status = call("POST", DEFINITIONS, pool_definition)

    assert code == 422
    assert problem in status["message"]


def test_the_stable_version_of_a_kind_is_preferred_and_all_show_the_same_objects(
    call: Call, pool_definition: dict[str, Any]
) -> None:
    stable = pool_definition["spec"]["versions"][0]
    others = [{**stable, "name": name, "storage": False} for name in ("v1alpha3", "v1beta1")]
    pool_definition["spec"]["versions"] = [*others, stable]
    call("POST", DEFINITIONS, pool_definition)

    _, group = call("GET", "/apis/example.com")
    call("POST", POOLS, pool(size=1))
    _, old = call("GET", "/apis/example.com/v1beta1/pools/a")

    assert [version["version"] for version in group["versions"]] == ["v1", "v1beta1", "v1alpha3"]
    assert (old["apiVersion"], old["spec"]["size"]) == ("example.com/v1beta1", 1)


def test_a_definition_waits_for_objects_that_finalizers_hold(call: Call, pool_definition: dict[str, Any]) -> None:
    held = pool(size=1)
    held["metadata"]["finalizers"] = ["example.com/drain"]
    call("POST", DEFINITIONS, pool_definition)
    call("POST", POOLS, held)

    call("DELETE", f"{DEFINITIONS}/pools.example.com")
    waiting, _ = call("GET", f"{DEFINITIONS}/pools.example.com")
    release = {"metadata": {"finalizers": None}}
    call("PATCH", f"{POOLS}/a", release, content_type="application/merge-patch+json")
    gone, _ = call("GET", f"{DEFINITIONS}/pools.example.com")

    assert (waiting, gone) == (200, 404)
