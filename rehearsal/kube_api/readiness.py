"""Stands in for every controller: says at once that what was asked for is there.

Nothing is scheduled, pulled, provisioned or probed, so a ready workload here proves nothing about its image.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.metadata import timestamp

Status = dict[str, Any]


def report_ready(resource: Resource, value: dict[str, Any]) -> None:
    """Set, in place, the status that controllers would reach; what is being deleted keeps its own."""
    if value["metadata"].get("deletionTimestamp"):
        return
    report = REPORTS.get((resource.group, resource.kind))
    if report:
        value["status"] = {**(value.get("status") or {}), **report(value, value.get("spec") or {})}
    elif resource.schema and resource.status and _may_have_conditions(resource.schema):
        value.setdefault("status", {}).setdefault("conditions", _conditions(value, "Ready"))


def _may_have_conditions(schema: dict[str, Any]) -> bool:
    status = schema.get("properties", {}).get("status", {})
    return "conditions" in status.get("properties", {}) or bool(
        status.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-preserve-unknown-fields")
    )


def _conditions(value: dict[str, Any], *names: str, reason: str = "Rehearsed") -> list[Status]:
    """True conditions; one that was true before keeps its time, so that a repeated write changes nothing."""
    known = {c["type"]: c for c in (value.get("status") or {}).get("conditions") or []}
    generation = value["metadata"].get("generation")
    observed = {"observedGeneration": generation} if generation else {}
    return [
        {
            "type": name,
            "status": "True",
            "reason": reason,
            "message": "",
            "lastTransitionTime": known.get(name, {}).get("lastTransitionTime") or timestamp(),
            **observed,
        }
        for name in names
    ]


def _observed(value: dict[str, Any], replicas: int, *counters: str) -> Status:
    return {
        "observedGeneration": value["metadata"]["generation"],
        **{counter: replicas for counter in counters},
    }


def _deployment(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    counters = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    status = _observed(value, spec["replicas"], *counters)
    available, progressing = _conditions(value, "Available", "Progressing")
    return {**status, "conditions": [available, {**progressing, "reason": "NewReplicaSetAvailable"}]}


def _replica_set(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    counters = ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas")
    return _observed(value, spec["replicas"], *counters)


def _stateful_set(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    counters = ("replicas", "updatedReplicas", "readyReplicas", "currentReplicas", "availableReplicas")
    revision = f"{value['metadata']['name']}-{value['metadata']['generation']}"
    status = _observed(value, spec["replicas"], *counters)
    return {**status, "currentRevision": revision, "updateRevision": revision}


def _daemon_set(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    scheduled = ("desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled")
    status = _observed(value, 1, *scheduled, "numberReady", "numberAvailable")
    return {**status, "numberMisscheduled": 0}


def _job(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    known = value.get("status") or {}
    finished = known.get("completionTime") or timestamp()
    conditions = _conditions(value, "SuccessCriteriaMet", "Complete")
    counted = {"succeeded": spec["completions"], "ready": 0, "conditions": conditions}
    return {**counted, "startTime": known.get("startTime") or finished, "completionTime": finished}


def _pod(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    """A pod that ends by itself has ended well; any other runs."""
    ends = spec.get("restartPolicy") in ("Never", "OnFailure")
    ready = _conditions(value, "Initialized", "PodScheduled", "ContainersReady", "Ready")
    return {"phase": "Succeeded" if ends else "Running", "conditions": ready}


def _service(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    return {"loadBalancer": _load_balancer(value) if spec["type"] == "LoadBalancer" else {}}


def _ingress(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    return {"loadBalancer": _load_balancer(value)}


def _load_balancer(value: dict[str, Any]) -> Status:
    """An address in the form of the load balancer controller's names, in a domain that cannot exist."""
    namespace, name = value["metadata"]["namespace"], value["metadata"]["name"]
    digest = hashlib.sha256(f"{namespace}/{name}".encode()).hexdigest()[:10]
    return {"ingress": [{"hostname": f"k8s-{namespace[:8]}-{name[:8]}-{digest}.elb.rehearsal.invalid"}]}


def _volume_claim(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    capacity = (spec.get("resources") or {}).get("requests") or {}
    return {"phase": "Bound", "accessModes": spec.get("accessModes", []), "capacity": capacity}


def _disruption_budget(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    healthy = ("currentHealthy", "desiredHealthy", "expectedPods")
    return {**_observed(value, 1, *healthy), "disruptionsAllowed": 0}


def _definition(value: dict[str, Any], spec: dict[str, Any]) -> Status:
    return {
        "acceptedNames": spec["names"],
        "storedVersions": [version["name"] for version in spec["versions"] if version["storage"]],
        "conditions": _conditions(value, "NamesAccepted", "Established"),
    }


REPORTS: dict[tuple[str, str], Callable[[dict[str, Any], dict[str, Any]], Status]] = {
    ("", "Namespace"): lambda value, spec: {"phase": "Active"},
    ("", "PersistentVolumeClaim"): _volume_claim,
    ("", "Pod"): _pod,
    ("", "Service"): _service,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
    ("apiregistration.k8s.io", "APIService"): lambda v, spec: {"conditions": _conditions(v, "Available")},
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "ReplicaSet"): _replica_set,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("policy", "PodDisruptionBudget"): _disruption_budget,
}
