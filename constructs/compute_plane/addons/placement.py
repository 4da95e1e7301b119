"""Where the pods of add-ons may run, and what keeps some of them running while nodes come and go."""

from typing import Any

CRITICAL = "system-cluster-critical"
"""The priority of what a cluster cannot do without: its pods displace others where a node is full."""
BOOTSTRAP_TAINT = "CriticalAddonsOnly"
"""The one taint that nodes for the plane's own pods may have; EKS's own add-ons tolerate it as well."""


def tolerations() -> list[dict[str, Any]]:
    """What lets pods onto nodes that are kept for the plane."""
    return [{"key": BOOTSTRAP_TAINT, "operator": "Exists"}]


def spread_over_zones(labels: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Replicas in different zones where there is room; without labels, for charts that add their own."""
    constraint: dict[str, Any] = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
    }
    return [constraint | ({"labelSelector": {"matchLabels": labels}} if labels else {})]


def unprivileged(user: int) -> dict[str, Any]:
    """A pod's security context, for charts whose own lets it run as root."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def resources(cpu: str, memory: str, *, limit: str) -> dict[str, Any]:
    """What a container asks for, and the memory it may reach; processors are shared, so their use has no limit."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}
