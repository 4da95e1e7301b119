"""Server-side apply: what one manager no longer applies goes, what another manages stays or conflicts."""

import copy
from typing import Any

import pytest

from rehearsal.kube_api.errors import ApiError
from rehearsal.kube_api.field_owners import FieldOwners, leaves
from rehearsal.kube_api.server_side_apply import apply

EMPTY: dict[str, Any] = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}


def workload(*containers: dict[str, Any], **spec: Any) -> dict[str, Any]:
    template: dict[str, Any] = {"spec": {"containers": list(containers)}} if containers else {}
    return {**copy.deepcopy(EMPTY), "spec": {**({"template": template} if template else {}), **spec}}


def apply_as(
    manager: str, live: dict[str, Any], value: dict[str, Any], owners: FieldOwners, *, force: bool = False
) -> dict[str, Any]:
    return apply(live, value, owners, manager=manager, force=force, schema=None)


def test_a_field_that_its_manager_no_longer_applies_is_removed() -> None:
    owners = FieldOwners()
    web, sidecar = {"name": "web", "image": "a"}, {"name": "sidecar", "image": "b"}
    live = apply_as("helm", EMPTY, workload(web, sidecar, paused=True), owners)

    live = apply_as("helm", live, workload(web), owners)

    assert live["spec"] == {"template": {"spec": {"containers": [web]}}}


def test_fields_of_other_managers_survive() -> None:
    owners = FieldOwners()
    live = apply_as("helm", EMPTY, workload({"name": "web", "image": "a"}), owners)
    live = apply_as("mesh", live, workload({"name": "proxy", "image": "p"}), owners)

    live = apply_as("helm", live, workload({"name": "web", "image": "b"}), owners)

    containers = live["spec"]["template"]["spec"]["containers"]
    assert containers == [{"name": "web", "image": "b"}, {"name": "proxy", "image": "p"}]


def test_an_item_that_another_manager_has_a_field_in_keeps_its_name() -> None:
    owners = FieldOwners()
    live = apply_as("helm", EMPTY, workload({"name": "web", "image": "a"}), owners)
    before = leaves(live)
    live["spec"]["template"]["spec"]["containers"][0]["stdin"] = True
    owners.record_update(("edit", "Update"), before, leaves(live))

    live = apply_as("helm", live, workload(paused=True), owners)

    assert live["spec"]["template"]["spec"]["containers"] == [{"name": "web", "stdin": True}]


def test_another_value_for_a_managed_field_conflicts_unless_forced() -> None:
    owners = FieldOwners()
    live = apply_as("helm", EMPTY, workload(replicas=1), owners)

    with pytest.raises(ApiError, match=r'conflict with "helm": \.spec\.replicas') as refusal:
        apply_as("operator", live, workload(replicas=3), owners)
    forced = apply_as("operator", live, workload(replicas=3), owners, force=True)
    again = apply_as("operator", forced, workload(replicas=4), owners)

    assert refusal.value.code == 409
    assert (forced["spec"]["replicas"], again["spec"]["replicas"]) == (3, 4)


def test_a_plain_write_takes_a_field_over() -> None:
    owners = FieldOwners()
    live = apply_as("helm", EMPTY, workload(replicas=1), owners)
    edited = workload(replicas=2)
    owners.record_update(("edit", "Update"), leaves(live), leaves(edited))

    with pytest.raises(ApiError, match='conflict with "edit" using apps/v1: .spec.replicas'):
        apply_as("helm", edited, workload(replicas=1), owners)


def test_lists_merge_by_the_keys_of_the_schema() -> None:
    item = {"type": "object"}
    keyed = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"], "items": item}
    spec = {"properties": {"keyed": keyed, "set": {"x-kubernetes-list-type": "set"}, "atomic": {}}}
    schema: dict[str, Any] = {"properties": {"spec": spec}}
    owners = FieldOwners()
    first = workload(keyed=[{"key": "a"}], set=["a"], atomic=[{"key": "a"}])
    second = workload(keyed=[{"key": "b"}], set=["b"])
    live = apply(EMPTY, first, owners, manager="one", force=False, schema=schema)

    live = apply(live, second, owners, manager="two", force=False, schema=schema)

    assert live["spec"] == {"keyed": [{"key": "a"}, {"key": "b"}], "set": ["a", "b"], "atomic": [{"key": "a"}]}
