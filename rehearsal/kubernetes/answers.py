"""Answers for the pods that the API server itself calls: admission webhooks and aggregated APIs.

Fake pods listen on nothing. Every admission is allowed, with the one change of istiod's injector that a gateway cannot
do without; every aggregated group has no resources. The server has looked for a ready pod before it asks.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GROUP_VERSION = re.compile(r"/apis/(?P<group>[^/]+)/(?P<version>[^/]+)/?")
INJECTED_IMAGE = "istio/proxyv2"


@dataclass(frozen=True)
class Admission:
    """A question that a webhook was asked."""

    webhook: str
    operation: str
    kind: str
    namespace: str
    name: str


def admission(host: str, path: str, review: Mapping[str, Any]) -> Admission:
    """What an AdmissionReview asks."""
    request = review["request"]
    return Admission(
        webhook=f"{host}{path}",
        operation=request["operation"],
        kind=request["kind"]["kind"],
        namespace=request.get("namespace", ""),
        name=request.get("name", ""),
    )


def allowed(path: str, review: Mapping[str, Any]) -> dict[str, Any]:
    """The AdmissionReview that allows what is asked."""
    response: dict[str, Any] = {"uid": review["request"]["uid"], "allowed": True}
    if patch := injection(review["request"].get("object") or {}) if path.startswith("/inject") else []:
        encoded = base64.b64encode(json.dumps(patch).encode()).decode()
        response |= {"patchType": "JSONPatch", "patch": encoded}
    return {"apiVersion": review["apiVersion"], "kind": review["kind"], "response": response}


def injection(pod: Mapping[str, Any]) -> list[dict[str, str]]:
    """What istiod's injector does to a gateway: it replaces the image `auto`."""
    containers = pod.get("spec", {}).get("containers", [])
    return [
        {"op": "replace", "path": f"/spec/containers/{index}/image", "value": INJECTED_IMAGE}
        for index, container in enumerate(containers)
        if container.get("image") == "auto"
    ]


def group(path: str) -> dict[str, Any] | None:
    """The discovery document of an aggregated API's group, or None if the path is another one."""
    found = GROUP_VERSION.fullmatch(path)
    if found is None:
        return None
    name = f"{found['group']}/{found['version']}"
    return {"apiVersion": "v1", "kind": "APIResourceList", "groupVersion": name, "resources": []}
