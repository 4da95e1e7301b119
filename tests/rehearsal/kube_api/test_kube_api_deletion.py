"""What goes with an object, and what keeps it."""

from collections.abc import Callable
from typing import Any

Call = Callable[..., tuple[int, dict[str, Any]]]

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
REPLICA_SETS = "/apis/apps/v1/namespaces/default/replicasets"
MERGE = "application/merge-patch+json"


def config_map(name: str, **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def names(call: Call, path: str) -> list[str]:
    _, listed = call("GET", path)
    return [item["metadata"]["name"] for item in listed["items"]]


def test_an_object_with_finalizers_waits_until_the_last_is_removed(call: Call) -> None:
    call("POST", CONFIG_MAPS, config_map("a", finalizers=["example.com/x"]))

    code, marked = call("DELETE", f"{CONFIG_MAPS}/a")
    held = names(call, CONFIG_MAPS)
    call("PATCH", f"{CONFIG_MAPS}/a", {"metadata": {"finalizers": []}}, content_type=MERGE)
    released = names(call, CONFIG_MAPS)

    assert code == 200
    assert marked["metadata"]["deletionTimestamp"]
    assert (held, released) == (["a"], [])


def test_dependents_go_with_their_owner_unless_orphaned(call: Call) -> None:
    for name, policy in (("cascade", "Background"), ("orphan", "Orphan")):
        _, owner = call("POST", CONFIG_MAPS, config_map(name))
        reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": owner["metadata"]["uid"]}
        call("POST", CONFIG_MAPS, config_map(f"{name}-child", ownerReferences=[reference]))

        call("DELETE", f"{CONFIG_MAPS}/{name}", {"propagationPolicy": policy})

    assert names(call, CONFIG_MAPS) == ["orphan-child"]


def test_foreground_deletion_waits_for_dependents(call: Call) -> None:
    _, owner = call("POST", CONFIG_MAPS, config_map("owner"))
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    child = config_map("child", ownerReferences=[reference], finalizers=["example.com/x"])
    call("POST", CONFIG_MAPS, child)

    call("DELETE", f"{CONFIG_MAPS}/owner", {"propagationPolicy": "Foreground"})
    held = names(call, CONFIG_MAPS)
    call("PATCH", f"{CONFIG_MAPS}/child", {"metadata": {"finalizers": None}}, content_type=MERGE)
    released = names(call, CONFIG_MAPS)

    assert (held, released) == (["child", "owner"], [])


def test_a_namespace_ends_after_its_content_and_takes_nothing_new(call: Call) -> None:
    call("POST", "/api/v1/namespaces", {"metadata": {"name": "apps"}})
    inside = "/api/v1/namespaces/apps/configmaps"
    call("POST", inside, config_map("held", finalizers=["example.com/x"]))
    call("POST", inside, config_map("free"))

    call("DELETE", "/api/v1/namespaces/apps")
    _, namespace = call("GET", "/api/v1/namespaces/apps")
    left = names(call, inside)
    refused, status = call("POST", inside, config_map("late"))
    call("PATCH", f"{inside}/held", {"metadata": {"finalizers": None}}, content_type=MERGE)
    gone, _ = call("GET", "/api/v1/namespaces/apps")

    assert namespace["status"]["phase"] == "Terminating"
    assert left == ["held"]
    assert (refused, gone) == (403, 404)
    assert "because it is being terminated" in status["message"]


def test_a_deployment_keeps_one_replica_set_and_takes_it_along(call: Call, deployment: dict[str, Any]) -> None:
    call("POST", DEPLOYMENTS, deployment)
    first = names(call, REPLICA_SETS)
    image = {"containers": [{"name": "web", "image": "web:2"}]}
    call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"template": {"spec": image}}}, content_type=MERGE)
    second = names(call, REPLICA_SETS)

    call("DELETE", f"{DEPLOYMENTS}/web")

    assert len(first) == len(second) == 1
    assert first != second
    assert names(call, REPLICA_SETS) == []


def test_a_collection_is_deleted_by_selector(call: Call) -> None:
    for name in ("a", "b"):
        call("POST", CONFIG_MAPS, config_map(name, labels={"keep": "yes" if name == "b" else "no"}))

    call("DELETE", f"{CONFIG_MAPS}?labelSelector=keep%3Dno")

    assert names(call, CONFIG_MAPS) == ["b"]
