"""Defaults of the built-in kinds, as far as clients rely on them.

helm 3 follows pointers such as a Deployment's `replicas` without looking, and waits for a Service's address.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from rehearsal.kube_api.catalogue import Resource

Fill = Callable[[dict[str, Any]], None]


def fill_built_in(resource: Resource, value: dict[str, Any]) -> None:
    """Add, in place, the defaults of a built-in kind."""
    fill = FILLS.get((resource.group, resource.kind))
    if fill:
        fill(value)


def _add(value: dict[str, Any], **defaults: Any) -> None:
    for name, default in defaults.items():
        if value.get(name) is None:
            value[name] = default


def _spec(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("spec") is None:
        value["spec"] = {}
    return value["spec"]


def _rolling_update(strategy: dict[str, Any], **defaults: Any) -> None:
    _add(strategy, type="RollingUpdate")
    if strategy["type"] == "RollingUpdate":
        _add(strategy, rollingUpdate={})
        _add(strategy["rollingUpdate"], **defaults)


def _deployment(value: dict[str, Any]) -> None:
    spec = _spec(value)
    _add(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, strategy={})
    _rolling_update(spec["strategy"], maxUnavailable="25%", maxSurge="25%")


def _daemon_set(value: dict[str, Any]) -> None:
    spec = _spec(value)
    _add(spec, revisionHistoryLimit=10, updateStrategy={})
    _rolling_update(spec["updateStrategy"], maxUnavailable=1, maxSurge=0)


def _stateful_set(value: dict[str, Any]) -> None:
    spec = _spec(value)
    _add(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", updateStrategy={})
    _rolling_update(spec["updateStrategy"], partition=0)


def _replica_set(value: dict[str, Any]) -> None:
    _add(_spec(value), replicas=1)


def _job(value: dict[str, Any]) -> None:
    _add(_spec(value), backoffLimit=6, completionMode="NonIndexed", completions=1, parallelism=1)


def _service(value: dict[str, Any]) -> None:
    spec = _spec(value)
    _add(spec, type="ClusterIP", sessionAffinity="None")
    for port in spec.get("ports") or []:
        _add(port, protocol="TCP", targetPort=port.get("port"))
    if spec["type"] != "ExternalName":
        _add(spec, clusterIP=_address(value["metadata"]))
        if spec["clusterIP"] != "None":
            _add(spec, clusterIPs=[spec["clusterIP"]])


def _address(metadata: dict[str, Any]) -> str:
    """An address of EKS's default Service range that stays the same for the same Service."""
    digest = hashlib.sha256(f"{metadata.get('namespace')}/{metadata['name']}".encode()).digest()
    return f"10.100.{digest[0]}.{digest[1] or 1}"


def _secret(value: dict[str, Any]) -> None:
    texts: dict[str, str] = value.pop("stringData", None) or {}
    if texts:
        _add(value, data={})
        value["data"].update({key: base64.b64encode(text.encode()).decode() for key, text in texts.items()})
    _add(value, type="Opaque")


def _namespace(value: dict[str, Any]) -> None:
    metadata = value["metadata"]
    _add(metadata, labels={})
    metadata["labels"]["kubernetes.io/metadata.name"] = metadata["name"]
    _add(_spec(value), finalizers=["kubernetes"])


def _storage_class(value: dict[str, Any]) -> None:
    _add(value, reclaimPolicy="Delete", volumeBindingMode="Immediate")


def _persistent_volume_claim(value: dict[str, Any]) -> None:
    _add(_spec(value), volumeMode="Filesystem", volumeName=f"pvc-{value['metadata']['name']}")


def _custom_resource_definition(value: dict[str, Any]) -> None:
    spec = _spec(value)
    names = spec.get("names") or {}
    if names.get("kind"):
        _add(names, singular=names["kind"].lower(), listKind=f"{names['kind']}List")
    _add(spec, conversion={"strategy": "None"})


FILLS: dict[tuple[str, str], Fill] = {
    ("", "Namespace"): _namespace,
    ("", "PersistentVolumeClaim"): _persistent_volume_claim,
    ("", "Secret"): _secret,
    ("", "Service"): _service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _custom_resource_definition,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "ReplicaSet"): _replica_set,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("storage.k8s.io", "StorageClass"): _storage_class,
}
