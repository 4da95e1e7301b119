"""What built-in kinds refuse and deployments trip over: missing fields, immutable fields, stray labels."""

import json
from collections.abc import Iterator
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.errors import invalid

WORKLOADS = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})

REQUIRED: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Service"): ("spec",),
    ("", "PersistentVolumeClaim"): ("spec.accessModes",),
    ("apps", "DaemonSet"): ("spec.selector", "spec.template.spec.containers"),
    ("apps", "Deployment"): ("spec.selector", "spec.template.spec.containers"),
    ("apps", "StatefulSet"): ("spec.selector", "spec.template.spec.containers"),
    ("autoscaling", "HorizontalPodAutoscaler"): ("spec.maxReplicas", "spec.scaleTargetRef"),
    ("batch", "CronJob"): ("spec.schedule", "spec.jobTemplate.spec.template.spec.containers"),
    ("batch", "Job"): ("spec.template.spec.containers",),
    ("networking.k8s.io", "IngressClass"): ("spec.controller",),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef.kind", "roleRef.name"),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef.kind", "roleRef.name"),
    ("scheduling.k8s.io", "PriorityClass"): ("value",),
    ("storage.k8s.io", "StorageClass"): ("provisioner",),
}
IMMUTABLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "PersistentVolumeClaim"): ("spec.accessModes", "spec.storageClassName", "spec.volumeName"),
    ("", "Secret"): ("type",),
    ("", "Service"): ("spec.clusterIP",),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): ("spec.scope", "spec.names.kind"),
    ("apps", "DaemonSet"): ("spec.selector",),
    ("apps", "Deployment"): ("spec.selector",),
    ("apps", "StatefulSet"): ("spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"),
    ("batch", "Job"): ("spec.selector", "spec.template", "spec.completions"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): ("roleRef",),
    ("rbac.authorization.k8s.io", "RoleBinding"): ("roleRef",),
    ("scheduling.k8s.io", "PriorityClass"): ("value",),
    ("storage.k8s.io", "StorageClass"): ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
}


def check_built_in(resource: Resource, value: dict[str, Any], old: dict[str, Any] | None) -> None:
    """Raise every refusal of one object together."""
    found = list(_problems(resource, value, old))
    if found:
        raise invalid(resource.qualified_kind, value["metadata"]["name"], found)


def _problems(resource: Resource, value: dict[str, Any], old: dict[str, Any] | None) -> Iterator[str]:
    identity = (resource.group, resource.kind)
    for path in REQUIRED.get(identity, ()):
        if _at(value, path) in (None, "", [], {}):
            yield f"{path}: Required value"
    if resource.group == "apps" and resource.kind in WORKLOADS:
        selected = _at(value, "spec.selector.matchLabels") or {}
        labels = _at(value, "spec.template.metadata.labels") or {}
        if not selected.items() <= labels.items():
            yield (
                f"spec.template.metadata.labels: Invalid value: {json.dumps(labels)}: "
                "`selector` does not match template `labels`"
            )
    data: dict[str, Any] = (value.get("data") or {}) if identity == ("", "ConfigMap") else {}
    for key, text in data.items():
        if not isinstance(text, str):
            yield f"data.{key}: Invalid value: {json.dumps(text)}: must be a string"
    for path in IMMUTABLE.get(identity, ()) if old else ():
        before, now = _at(old, path), _at(value, path)
        if before not in (None, "") and before != now:
            yield f"{path}: Invalid value: {json.dumps(now)}: field is immutable"


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
