"""The embedded API answers as the real one: the same requests to both, in the same order, and the answers compared."""

import base64
import json
from collections.abc import Callable, Iterator
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from rehearsal.kube_api import KubernetesApi
from rehearsal.kubernetes.control_plane import ControlPlane

JSON = "application/json"
MERGE, STRATEGIC = "application/merge-patch+json", "application/strategic-merge-patch+json"
JSON_PATCH, APPLY = "application/json-patch+json", "application/apply-patch+yaml"
SPACE = "/api/v1/namespaces/conformance"
APPS = "/apis/apps/v1/namespaces/conformance"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
GADGETS = "/apis/conformance.test/v1/namespaces/conformance/gadgets"
MANAGER = "fieldManager=conformance"

Answer = dict[str, Any]
Send = Callable[..., Answer]


def config_map(name: str = "one", **content: Any) -> Answer:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, **content}


def deployment(image: str = "web:1", **spec: Any) -> Answer:
    labels = {"app": "web"}
    containers = [{"name": "main", "image": image}, {"name": "side", "image": "side:1"}]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    content = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": content}


def gadget(name: str = "one", size: Any = 3) -> Answer:
    return {"apiVersion": "conformance.test/v1", "kind": "Gadget", "metadata": {"name": name}, "spec": {"size": size}}


def definition() -> Answer:
    size = {"type": "integer", "minimum": 1, "default": 1}
    spec = {"type": "object", "properties": {"size": size}, "required": ["size"]}
    schema = {"type": "object", "properties": {"spec": spec}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Gadget", "listKind": "GadgetList", "plural": "gadgets", "singular": "gadget"}
    content = {"group": "conformance.test", "scope": "Namespaced", "names": names, "versions": [version]}
    metadata = {"name": "gadgets.conformance.test"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": content,
    }


@pytest.fixture(scope="module")
def both(plane: ControlPlane) -> Iterator[tuple[Send, Send]]:
    """The real API and the embedded one, each with the namespace and the kind that the requests use."""
    embedded = KubernetesApi(version="1.35")
    sends = sender(plane), sender(embedded)
    for send in sends:
        send("POST", "/api/v1/namespaces", {"metadata": {"name": "conformance"}})
        send("POST", DEFINITIONS, definition())
        while send("GET", GADGETS)["code"] != 200:
            continue
    yield sends
    sends[0]("DELETE", "/api/v1/namespaces/conformance")
    sends[0]("DELETE", f"{DEFINITIONS}/gadgets.conformance.test")
    embedded.stop()


def sender(api: ControlPlane | KubernetesApi) -> Send:
    import ssl

    url = urlsplit(api.url)
    context = ssl.create_default_context(cadata=base64.b64decode(api.certificate_authority).decode())

    def send(method: str, path: str, body: Any = None, content_type: str = JSON) -> Answer:
        connection = HTTPSConnection(url.hostname or "", url.port, timeout=30, context=context)
        headers = {"Authorization": f"Bearer {api.token}", "Content-Type": content_type, "Accept": JSON}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        content = json.loads(raw) if raw.startswith((b"{", b"[")) else {}
        return {"code": response.status, "content": content}

    return send


def seen(answer: Answer) -> Answer:
    """What a client acts on: the code, the reason of a refusal, and what an object holds."""
    content = answer["content"]
    metadata = content.get("metadata", {})
    kept = {key: metadata[key] for key in ("name", "namespace", "generation", "labels") if key in metadata}
    names = [item["metadata"]["name"] for item in content.get("items", [])]
    return {
        "code": answer["code"],
        **{key: content.get(key) for key in ("kind", "reason", "data")},
        "status": content.get("status") if content.get("kind") == "Status" else None,
        "metadata": kept,
        # Controllers of the real one make this in every namespace.
        "items": [name for name in names if name != "kube-root-ca.crt"],
        "spec": content.get("spec") if content.get("kind") == "Gadget" else None,
    }


def within(part: Any, whole: Any) -> bool:
    """Whether all that one value says is also said by another."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and within(value, whole[key]) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return part == whole


REQUESTS: list[tuple[str, tuple[Any, ...]]] = [
    ("an object is created", ("POST", f"{SPACE}/configmaps", config_map(data={"a": "1"}))),
    ("not twice", ("POST", f"{SPACE}/configmaps", config_map())),
    ("it is read", ("GET", f"{SPACE}/configmaps/one")),
    ("it is listed", ("GET", f"{SPACE}/configmaps")),
    ("another is not there", ("GET", f"{SPACE}/configmaps/two")),
    ("a merge patch", ("PATCH", f"{SPACE}/configmaps/one", {"data": {"b": "2", "a": None}}, MERGE)),
    (
        "a JSON patch",
        ("PATCH", f"{SPACE}/configmaps/one", [{"op": "add", "path": "/data/c", "value": "3"}], JSON_PATCH),
    ),
    ("a patch of nothing", ("PATCH", f"{SPACE}/configmaps/two", {"data": {}}, MERGE)),
    ("a replacement", ("PUT", f"{SPACE}/configmaps/one", config_map(data={"d": "4"}))),
    ("a replacement under another name", ("PUT", f"{SPACE}/configmaps/one", config_map("two"))),
    ("a dry run", ("POST", f"{SPACE}/configmaps?dryRun=All", config_map("dry"))),
    ("leaves nothing", ("GET", f"{SPACE}/configmaps/dry")),
    ("a selector", ("GET", f"{SPACE}/configmaps?labelSelector=none%3Dthere")),
    ("a name that is not allowed", ("POST", f"{SPACE}/configmaps", config_map("Not_Allowed"))),
    ("a namespace that is not there", ("POST", "/api/v1/namespaces/nowhere/configmaps", config_map())),
    (
        "server-side apply creates",
        ("PATCH", f"{SPACE}/configmaps/ssa?{MANAGER}", config_map("ssa", data={"a": "1"}), APPLY),
    ),
    ("and takes away", ("PATCH", f"{SPACE}/configmaps/ssa?{MANAGER}", config_map("ssa", data={"b": "2"}), APPLY)),
    (
        "another manager conflicts",
        ("PATCH", f"{SPACE}/configmaps/ssa?fieldManager=other", config_map("ssa", data={"b": "3"}), APPLY),
    ),
    (
        "unless it forces",
        ("PATCH", f"{SPACE}/configmaps/ssa?fieldManager=other&force=true", config_map("ssa", data={"b": "3"}), APPLY),
    ),
    ("a custom resource", ("POST", GADGETS, gadget())),
    ("of a wrong type", ("POST", GADGETS, gadget("bad", size="large"))),
    ("below its minimum", ("POST", GADGETS, gadget("bad", size=0))),
    ("with a default", ("POST", GADGETS, {**gadget("default"), "spec": {}})),
    ("a change counts", ("PATCH", f"{GADGETS}/one", {"spec": {"size": 4}}, MERGE)),
    ("the same again does not", ("PATCH", f"{GADGETS}/one", {"spec": {"size": 4}}, MERGE)),
    ("no strategic patches", ("PATCH", f"{GADGETS}/one", {"spec": {"size": 5}}, STRATEGIC)),
    ("unknown fields are pruned", ("PATCH", f"{GADGETS}/one", {"spec": {"colour": "red"}}, MERGE)),
    (
        "or refused",
        ("POST", f"{GADGETS}?fieldValidation=Strict", {**gadget("strict"), "spec": {"size": 1, "colour": "red"}}),
    ),
    ("it is deleted", ("DELETE", f"{GADGETS}/one")),
    ("and gone", ("DELETE", f"{GADGETS}/one")),
    ("a deployment has its defaults", ("POST", f"{APPS}/deployments", deployment())),
    (
        "a strategic patch merges by name",
        (
            "PATCH",
            f"{APPS}/deployments/web",
            {"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "web:2"}]}}}},
            STRATEGIC,
        ),
    ),
    (
        "its selector cannot change",
        ("PATCH", f"{APPS}/deployments/web", {"spec": {"selector": {"matchLabels": {"app": "x"}}}}, MERGE),
    ),
    ("an object is deleted", ("DELETE", f"{SPACE}/configmaps/one")),
]


@pytest.mark.parametrize(("name", "request_"), REQUESTS, ids=[name for name, _ in REQUESTS])
def test_the_embedded_api_answers_as_the_real_one(
    name: str, request_: tuple[Any, ...], both: tuple[Send, Send]
) -> None:
    real, embedded = (send(*request_) for send in both)

    assert seen(embedded) == seen(real)
    # The embedded API fills in fewer defaults, and none that the real one does not.
    assert within(embedded["content"].get("spec"), real["content"].get("spec"))


def test_both_have_nothing_at_an_unknown_path(both: tuple[Send, Send]) -> None:
    codes = {send("GET", "/apis/conformance.test/v1/nothings")["code"] for send in both}

    assert codes == {404}
