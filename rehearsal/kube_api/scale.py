"""The scale subresource: one number of a workload, in a form that is the same for every kind."""

from typing import Any

from rehearsal.kube_api.errors import bad_request


def scale_of(value: dict[str, Any]) -> dict[str, Any]:
    """The `autoscaling/v1` Scale of a workload."""
    metadata, spec = value["metadata"], value.get("spec") or {}
    shown = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = (spec.get("selector") or {}).get("matchLabels") or {}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {name: metadata[name] for name in shown if name in metadata},
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {
            "replicas": (value.get("status") or {}).get("replicas", 0),
            "selector": ",".join(f"{key}={label}" for key, label in labels.items()),
        },
    }


def scaled(value: dict[str, Any], scale: dict[str, Any]) -> dict[str, Any]:
    """The workload with the replicas that a Scale asks for."""
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if not isinstance(replicas, int) or replicas < 0:
        raise bad_request(f"spec.replicas: {replicas!r}: must be an integer greater than or equal to 0")
    return {**value, "spec": {**(value.get("spec") or {}), "replicas": replicas}}
