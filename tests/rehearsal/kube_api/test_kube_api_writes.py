"""Writes: versions, refusals, defaults and the readiness that stands in for controllers."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.kube_api import KubernetesApi

Call = Callable[..., tuple[int, dict[str, Any]]]

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"


def config_map(name: str = "a", **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **metadata}, "data": {"k": "v"}}


def test_versions_grow_with_changes_only(call: Call) -> None:
    _, first = call("POST", CONFIG_MAPS, config_map())
    _, same = call("PATCH", f"{CONFIG_MAPS}/a", {"data": {"k": "v"}}, content_type=MERGE)
    _, changed = call("PATCH", f"{CONFIG_MAPS}/a", {"data": {"k": "w"}}, content_type=MERGE)

    versions = [int(value["metadata"]["resourceVersion"]) for value in (first, same, changed)]
    assert versions[0] == versions[1] < versions[2]


def test_a_write_from_an_old_version_conflicts(call: Call) -> None:
    _, first = call("POST", CONFIG_MAPS, config_map())
    call("PATCH", f"{CONFIG_MAPS}/a", {"data": {"k": "w"}}, content_type=MERGE)

    code, status = call("PUT", f"{CONFIG_MAPS}/a", {**first, "data": {"k": "x"}})

    assert (code, status["reason"]) == (409, "Conflict")


def test_a_second_creation_is_refused(call: Call) -> None:
    call("POST", CONFIG_MAPS, config_map())

    code, status = call("POST", CONFIG_MAPS, config_map())

    assert (code, status["message"]) == (409, 'configmaps "a" already exists')


def test_a_dry_run_answers_and_stores_nothing(call: Call) -> None:
    code, created = call("POST", f"{CONFIG_MAPS}?dryRun=All", config_map())
    missing, _ = call("GET", f"{CONFIG_MAPS}/a")

    assert (code, missing) == (201, 404)
    assert created["metadata"]["uid"]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (config_map("Upper"), "metadata.name: Invalid value"),
        (config_map(labels={"version": "1+2"}), "metadata.labels: Invalid value"),
        (config_map(annotations={"a": "x" * 262_145}), "metadata.annotations: Too long"),
        ({"metadata": {"name": "a"}, "data": {"k": 1}}, "data.k: Invalid value"),
        ({"metadata": {}}, "metadata.name: Required value"),
    ],
)
def test_metadata_and_data_that_kubernetes_refuses_are_refused(call: Call, value: dict[str, Any], problem: str) -> None:
    code, status = call("POST", CONFIG_MAPS, value)

    assert code == 422
    assert problem in status["message"]


def test_selectors_must_match_and_may_not_change(call: Call, deployment: dict[str, Any]) -> None:
    stray = {**deployment, "spec": {**deployment["spec"], "selector": {"matchLabels": {"app": "db"}}}}
    _, mismatch = call("POST", DEPLOYMENTS, stray)
    call("POST", DEPLOYMENTS, deployment)

    patch = {"spec": {"selector": {"matchLabels": {"app": None, "x": "y"}}}}
    labels = {"spec": {"template": {"metadata": {"labels": {"x": "y"}}}}}
    call("PATCH", f"{DEPLOYMENTS}/web", labels, content_type=MERGE)
    code, change = call("PATCH", f"{DEPLOYMENTS}/web", patch, content_type=MERGE)

    assert "`selector` does not match template `labels`" in mismatch["message"]
    assert code == 422
    assert "spec.selector" in change["message"] and "field is immutable" in change["message"]


def test_parameters_of_a_storage_class_may_not_change(call: Call) -> None:
    path = "/apis/storage.k8s.io/v1/storageclasses"

    code, status = call("PATCH", f"{path}/gp2", {"parameters": {"type": "gp3"}}, content_type=MERGE)

    assert code == 422
    assert status["message"].startswith('StorageClass.storage.k8s.io "gp2" is invalid: parameters')


def test_a_refused_object_keeps_its_state_until_the_refusals_are_cleared(
    api: KubernetesApi, call: Call, deployment: dict[str, Any]
) -> None:
    call("POST", DEPLOYMENTS, deployment)
    api.refusals.add(kind="Deployment", name="web", message='admission webhook "x" denied the request: no')

    scale = {"spec": {"replicas": 3}}
    refused, status = call("PATCH", f"{DEPLOYMENTS}/web", scale, content_type=MERGE)
    unchanged, _ = call("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 1}}, content_type=MERGE)
    api.refusals.clear()
    accepted, _ = call("PATCH", f"{DEPLOYMENTS}/web", scale, content_type=MERGE)

    assert (refused, unchanged, accepted) == (403, 200, 200)
    assert status["message"] == 'admission webhook "x" denied the request: no'


def test_workloads_services_and_claims_are_ready_at_once(call: Call, deployment: dict[str, Any]) -> None:
    service = {"metadata": {"name": "web"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}

    _, workload = call("POST", DEPLOYMENTS, deployment)
    _, balancer = call("POST", "/api/v1/namespaces/default/services", service)
    _, volume = call("POST", "/api/v1/namespaces/default/persistentvolumeclaims", claim)

    assert workload["status"]["availableReplicas"] == workload["spec"]["replicas"] == 1
    assert balancer["status"]["loadBalancer"]["ingress"][0]["hostname"].endswith(".invalid")
    assert balancer["spec"]["clusterIP"].startswith("10.100.")
    assert volume["status"]["phase"] == "Bound"


def test_the_text_of_a_secret_is_stored_encoded_whoever_writes_it(call: Call) -> None:
    path = "/api/v1/namespaces/default/secrets"
    value = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"p": "q"}}

    call("PATCH", f"{path}/s?fieldManager=helm", value, content_type=APPLY)
    call("PATCH", f"{path}/s", {"stringData": {"r": "s"}}, content_type=MERGE)
    _, stored = call("GET", f"{path}/s")

    decoded = {key: base64.b64decode(text).decode() for key, text in stored["data"].items()}
    assert decoded == {"p": "q", "r": "s"}
    assert "stringData" not in stored


def test_server_side_apply_creates_then_changes(call: Call, deployment: dict[str, Any]) -> None:
    path = f"{DEPLOYMENTS}/web?fieldManager=helm"
    created, _ = call("PATCH", path, deployment, content_type=APPLY)
    deployment["spec"]["template"]["spec"]["containers"].pop()

    changed, live = call("PATCH", path, deployment, content_type=APPLY)

    assert (created, changed) == (201, 200)
    assert [item["name"] for item in live["spec"]["template"]["spec"]["containers"]] == ["web"]
    assert live["spec"]["replicas"] == 1


def test_status_and_scale_are_written_apart_from_the_rest(call: Call, deployment: dict[str, Any]) -> None:
    call("POST", DEPLOYMENTS, deployment)
    web = f"{DEPLOYMENTS}/web"

    mixed = {"spec": {"replicas": 9}, "status": {"readyReplicas": 0}}
    call("PATCH", f"{web}/status", mixed, content_type=MERGE)
    _, reported = call("GET", web)
    call("PATCH", f"{web}/scale", {"spec": {"replicas": 3}}, content_type=MERGE)
    _, scaled = call("GET", web)

    assert (reported["spec"]["replicas"], reported["status"]["readyReplicas"]) == (1, 0)
    assert (scaled["spec"]["replicas"], scaled["status"]["readyReplicas"]) == (3, 3)
