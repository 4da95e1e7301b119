"""Discovery: what is served, in the old form (one request a version) and the aggregated one (one request)."""

import re
from typing import Any

from rehearsal.kube_api.catalogue import Catalogue, Resource
from rehearsal.kube_api.errors import no_such_path
from rehearsal.kube_api.requests import Answer, Request

VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
# What `kubectl get all` means.
ALL = frozenset(
    {
        "cronjobs",
        "daemonsets",
        "deployments",
        "horizontalpodautoscalers",
        "jobs",
        "pods",
        "replicasets",
        "replicationcontrollers",
        "services",
        "statefulsets",
    }
)
VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")
SCALE = {"group": "autoscaling", "version": "v1", "kind": "Scale"}


def discover(catalogue: Catalogue, request: Request) -> Answer:
    """The answer for `/api`, `/apis` and the paths below them that name a group or version."""
    match request.path.strip("/").split("/"):
        case ["api" | "apis" as root]:
            version = next((v for v in ("v2", "v2beta1") if f"v={v};as=APIGroupDiscoveryList" in request.accept), "")
            if version:
                return _aggregated(catalogue, version, core=root == "api")
            return Answer({"kind": "APIVersions", "versions": ["v1"]} if root == "api" else _groups(catalogue))
        case ["api", "v1"]:
            return _resources(catalogue, "v1")
        case ["apis", group]:
            found = next((item for item in _groups(catalogue)["groups"] if item["name"] == group), None)
            if found:
                return Answer({"kind": "APIGroup", "apiVersion": "v1", **found})
        case ["apis", group, version]:
            return _resources(catalogue, f"{group}/{version}")
        case _:
            pass
    raise no_such_path()


def _by_group(catalogue: Catalogue) -> dict[str, dict[str, list[Resource]]]:
    found: dict[str, dict[str, list[Resource]]] = {}
    for resource in sorted(catalogue, key=lambda resource: _priority(resource.version)):
        found.setdefault(resource.group, {}).setdefault(resource.version, []).append(resource)
    return found


def _priority(version: str) -> tuple[int, int, int]:
    """Stable before beta before alpha, later before earlier: clients take the first version as preferred."""
    found = VERSION.fullmatch(version)
    if not found:
        return 3, 0, 0
    major, stage, minor = found.groups(default="0")
    return {"0": 0, "beta": 1, "alpha": 2}[stage], -int(major), -int(minor)


def _groups(catalogue: Catalogue) -> dict[str, Any]:
    groups: list[dict[str, Any]] = []
    for group, versions in _by_group(catalogue).items():
        listed = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
        if group:
            groups.append({"name": group, "versions": listed, "preferredVersion": listed[0]})
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def _resources(catalogue: Catalogue, group_version: str) -> Answer:
    rows: list[dict[str, Any]] = []
    for resource in catalogue:
        if resource.group_version != group_version:
            continue
        common = {
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "singularName": resource.kind.lower(),
        }
        row = {**common, "name": resource.plural, "shortNames": list(resource.short_names)}
        rows.append({**row, "verbs": VERBS, "categories": _categories(resource)})
        for name, kind in _subresources(resource).items():
            row = {**common, **kind, "singularName": "", "name": f"{resource.plural}/{name}"}
            rows.append({**row, "verbs": ["get", "patch", "update"]})
    if not rows:
        raise no_such_path()
    body = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": rows}
    return Answer(body)


def _aggregated(catalogue: Catalogue, version: str, *, core: bool) -> Answer:
    groups = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [
                {
                    "version": name,
                    "freshness": "Current",
                    "resources": [_aggregated_row(r) for r in resources],
                }
                for name, resources in versions.items()
            ],
        }
        for group, versions in _by_group(catalogue).items()
        if core is (group == "")
    ]
    api_version = f"apidiscovery.k8s.io/{version}"
    body = {"kind": "APIGroupDiscoveryList", "apiVersion": api_version, "metadata": {}, "items": groups}
    return Answer(body, content_type=f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList")


def _aggregated_row(resource: Resource) -> dict[str, Any]:
    def kind(group: str, version: str, kind: str) -> dict[str, str]:
        return {"group": group, "version": version, "kind": kind}

    own = kind(resource.group, resource.version, resource.kind)
    return {
        "resource": resource.plural,
        "responseKind": own,
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.kind.lower(),
        "shortNames": list(resource.short_names),
        "verbs": VERBS,
        "categories": _categories(resource),
        "subresources": [
            {"subresource": name, "responseKind": {**own, **other}, "verbs": ["get", "patch", "update"]}
            for name, other in _subresources(resource).items()
        ],
    }


def _categories(resource: Resource) -> list[str]:
    return ["all"] if resource.plural in ALL else []


def _subresources(resource: Resource) -> dict[str, dict[str, str]]:
    """The subresources served, with the kind of those that are not the resource itself."""
    status: dict[str, dict[str, str]] = {"status": {}} if resource.status else {}
    return {**status, **({"scale": SCALE} if resource.scale else {})}
