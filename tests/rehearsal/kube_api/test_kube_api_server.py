"""The wire: tokens, versions, discovery, protobuf and watches."""

import base64
import http.client
import json
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.kube_api import KubernetesApi

Call = Callable[..., tuple[int, dict[str, Any]]]

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"


def test_a_request_without_a_bearer_token_is_unauthorized(call: Call) -> None:
    refused, status = call("GET", "/api/v1/namespaces", token="")
    accepted, _ = call("GET", "/api/v1/namespaces")

    assert (refused, status["reason"], accepted) == (401, "Unauthorized", 200)


def test_an_upgrade_changes_the_version_and_cannot_be_undone(api: KubernetesApi, call: Call) -> None:
    _, before = call("GET", "/version")

    api.upgrade("1.36")
    _, after = call("GET", "/version")

    assert before["gitVersion"].startswith("v1.35.0-eks")
    assert after["gitVersion"].startswith("v1.36.0-eks")
    with pytest.raises(ValueError, match="cannot go back"):
        api.upgrade("1.35")


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one like '1.35'"):
        KubernetesApi(version="latest")


def test_the_audit_names_every_request_and_its_client(api: KubernetesApi, call: Call) -> None:
    call("GET", "/api/v1/namespaces?limit=1")

    assert api.audit == [("GET", "/api/v1/namespaces?limit=1", "tests/1")]


def test_objects_are_copies(api: KubernetesApi, call: Call) -> None:
    kept = [value for value in api.objects() if value["metadata"]["name"] == "default"]
    kept[0]["metadata"]["name"] = "changed"

    code, _ = call("GET", "/api/v1/namespaces/default")

    assert code == 200


def test_both_forms_of_discovery_list_the_same_resources(call: Call) -> None:
    aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    _, old = call("GET", "/apis/apps/v1")
    _, new = call("GET", "/apis", accept=aggregated)

    apps = next(group for group in new["items"] if group["metadata"]["name"] == "apps")
    listed = {row["name"] for row in old["resources"] if "/" not in row["name"]}
    assert listed == {row["resource"] for row in apps["versions"][0]["resources"]}
    assert "deployments/scale" in {row["name"] for row in old["resources"]}


def test_openapi_says_that_fields_are_validated(call: Call) -> None:
    _, root = call("GET", "/openapi/v3")
    _, document = call("GET", root["paths"]["apis/apps/v1"]["serverRelativeURL"])

    patch = document["paths"]["/apis/apps/v1/deployments/{name}"]["patch"]
    assert "fieldValidation" in [parameter["name"] for parameter in patch["parameters"]]


def test_an_unknown_path_is_not_found(call: Call) -> None:
    answers = [call("GET", path)[0] for path in ("/", "/apis/none.example.com/v1", "/api/v1/pods/x/log")]

    assert answers == [404, 404, 404]


def field(number: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([number << 3 | 2, len(content)]) + content


def envelope(kind: str, content: bytes) -> bytes:
    return b"k8s\0" + field(1, field(1, b"v1") + field(2, kind.encode())) + field(2, content)


def test_a_secret_arrives_as_protobuf(call: Call) -> None:
    metadata = field(1, b"s") + field(11, field(1, b"owner") + field(2, b"helm"))
    secret = field(1, metadata) + field(2, field(1, b"key") + field(2, b"\x00value")) + field(3, b"Opaque")

    code, stored = call(
        "POST",
        "/api/v1/namespaces/default/secrets",
        envelope("Secret", secret),
        content_type="application/vnd.kubernetes.protobuf",
    )

    assert code == 201
    assert stored["metadata"]["labels"] == {"owner": "helm"}
    assert base64.b64decode(stored["data"]["key"]) == b"\x00value"


def test_another_kind_as_protobuf_is_refused_by_name(call: Call) -> None:
    code, status = call("POST", CONFIG_MAPS, envelope("Pod", b""))

    assert code == 415
    assert "Pod as protobuf is not supported" in status["message"]


def watch(api: KubernetesApi, query: str) -> list[dict[str, Any]]:
    """The messages of a watch of at most one second."""
    context = ssl.create_default_context(cadata=base64.b64decode(api.certificate_authority).decode())
    connection = http.client.HTTPSConnection(api.url.removeprefix("https://"), context=context, timeout=10)
    path = f"{CONFIG_MAPS}?watch=true&timeoutSeconds=0.2&{query}"
    connection.request("GET", path, headers={"Authorization": "Bearer x"})
    lines = connection.getresponse().read().splitlines()
    connection.close()
    return [json.loads(line) for line in lines]


def summary(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(m["type"], m["object"]["metadata"].get("name", "")) for m in messages]


def test_a_watch_replays_every_change_since_its_version(api: KubernetesApi, call: Call) -> None:
    _, start = call("GET", CONFIG_MAPS)
    call("POST", CONFIG_MAPS, {"metadata": {"name": "a"}})
    patch = {"data": {"k": "v"}}
    call("PATCH", f"{CONFIG_MAPS}/a", patch, content_type="application/merge-patch+json")
    call("DELETE", f"{CONFIG_MAPS}/a")

    messages = watch(api, f"resourceVersion={start['metadata']['resourceVersion']}")

    assert [kind for kind, _ in summary(messages)][:2] == ["ADDED", "MODIFIED"]
    assert summary(messages)[-1] == ("DELETED", "a")


def test_a_watch_begins_with_what_there_is_and_marks_the_end_of_it(api: KubernetesApi, call: Call) -> None:
    call("POST", CONFIG_MAPS, {"metadata": {"name": "a"}})

    plain = summary(watch(api, ""))
    marked = summary(watch(api, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan"))

    assert plain == [("ADDED", "a")]
    assert marked == [("ADDED", "a"), ("BOOKMARK", "")]


def test_an_object_that_ceases_to_match_leaves_a_watch(api: KubernetesApi, call: Call) -> None:
    call("POST", CONFIG_MAPS, {"metadata": {"name": "a", "labels": {"in": "yes"}}})
    _, start = call("GET", CONFIG_MAPS)
    out = {"metadata": {"labels": {"in": None}}}
    call("PATCH", f"{CONFIG_MAPS}/a", out, content_type="application/merge-patch+json")

    version = start["metadata"]["resourceVersion"]
    messages = watch(api, f"labelSelector=in%3Dyes&resourceVersion={version}")

    assert summary(messages) == [("DELETED", "a")]
