"""An embedded API for each test, and a client that speaks to it as kubectl does."""

import base64
import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.kube_api import KubernetesApi

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def api() -> Iterator[KubernetesApi]:
    api = KubernetesApi(version="1.35")
    yield api
    api.stop()


@pytest.fixture
def call(api: KubernetesApi) -> Iterator[Call]:
    """Send one request and return the code and the decoded answer."""
    pem = base64.b64decode(api.certificate_authority).decode()
    context = ssl.create_default_context(cadata=pem)
    connection = http.client.HTTPSConnection(api.url.removeprefix("https://"), context=context, timeout=10)

    def send(
        method: str,
        path: str,
        body: object = None,
        *,
        content_type: str = "application/json",
        token: str = "rehearsal",
        accept: str = "application/json",
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": content_type, "Accept": accept, "User-Agent": "tests/1"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        connection.request(method, path, raw, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    yield send
    connection.close()


@pytest.fixture
def deployment() -> dict[str, Any]:
    """A Deployment with two containers."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {
                    "containers": [
                        {"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]},
                        {"name": "sidecar", "image": "sidecar:1"},
                    ]
                },
            },
        },
    }


@pytest.fixture
def pool_definition() -> dict[str, Any]:
    """The definition of a cluster-wide kind `Pool` whose schema uses what real ones use."""
    spec: dict[str, Any] = {
        "type": "object",
        "required": ["size"],
        "properties": {
            "size": {"type": "integer", "minimum": 1, "maximum": 100},
            "mode": {"type": "string", "enum": ["spot", "on-demand"], "default": "spot"},
            "limit": {"x-kubernetes-int-or-string": True, "pattern": "^[0-9]+[GM]?$"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 2},
            "taints": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["key"],
                "items": {
                    "type": "object",
                    "required": ["key"],
                    "properties": {"key": {"type": "string"}, "value": {"type": "string"}},
                },
            },
            "extra": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }
    schema = {"type": "object", "required": ["spec"], "properties": {"spec": spec}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "pools.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"plural": "pools", "kind": "Pool"},
            "versions": [version],
        },
    }
