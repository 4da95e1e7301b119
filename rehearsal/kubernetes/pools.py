"""What Karpenter would do for the NodePools of a cluster: Nodes that meet their requirements, when pods wait for them.

Each pool has one Node a zone from the start, and gets more while a pod that tolerates it cannot be placed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rehearsal.kubernetes.client import Client, Object
from rehearsal.kubernetes.instances import Catalogue, Instance
from rehearsal.kubernetes.nodes import host_name, join, node

POOLS = "/apis/karpenter.sh/v1/nodepools"
LABEL = "karpenter.sh/nodepool"
CAPACITY_TYPE = "karpenter.sh/capacity-type"
ZONE = "topology.kubernetes.io/zone"
# Karpenter prefers reserved capacity to spot and spot to on-demand.
CAPACITY_TYPES = ("reserved", "spot", "on-demand")
# Big enough for what planes ship, small enough for limits to count.
USUAL_CPUS = 4
LIMIT_NODES = 10
Requirement = Mapping[str, Any]


class NodePools:
    """Looks after the Nodes of every NodePool; `unmet` names the pools that nothing fits."""

    def __init__(self, client: Client, catalogue: Catalogue, region: str, kubelet: str) -> None:
        self._client, self._catalogue, self._region, self._kubelet = client, catalogue, region, kubelet
        self._kinds: dict[tuple[str, int], Instance | None] = {}
        self.unmet: set[str] = set()

    def follow(self, zones: Sequence[str]) -> None:
        """One look at the pools and at the pods that wait."""
        pools = [pool for pool in self._client.listed(POOLS) if "deletionTimestamp" not in pool["metadata"]]
        nodes = self._client.listed(f"/api/v1/nodes?labelSelector={LABEL}")
        self._remove_orphans(nodes, {pool["metadata"]["name"] for pool in pools})
        if not pools or not zones:
            return
        waiting = [
            pod for pod in self._client.listed("/api/v1/pods?fieldSelector=status.phase%3DPending") if stuck(pod)
        ]
        for pool in pools:
            own = [each for each in nodes if each["metadata"]["labels"][LABEL] == pool["metadata"]["name"]]
            wanted = zones_of(pool, zones)
            more = any(tolerates(pod, taints_of(pool)) for pod in waiting)
            for index in range(len(own), max(len(wanted), min(len(own) + more, LIMIT_NODES))):
                self._add(pool, index, wanted)

    def _remove_orphans(self, nodes: Sequence[Object], pools: set[str]) -> None:
        for each in nodes:
            if each["metadata"]["labels"][LABEL] not in pools:
                self._client.delete(f"/api/v1/nodes/{each['metadata']['name']}")

    def _add(self, pool: Object, index: int, zones: Sequence[str]) -> None:
        name = pool["metadata"]["name"]
        kind = self._kind(pool)
        if kind is None or not zones:
            self.unmet.add(name)
            return
        template = pool["spec"]["template"]
        capacity = next((each for each in CAPACITY_TYPES if meets({CAPACITY_TYPE: each}, requirements(pool))), "")
        own = {LABEL: name, CAPACITY_TYPE: capacity}
        labels = {**kind.karpenter_labels, **template.get("metadata", {}).get("labels", {}), **own}
        zone = zones[index % len(zones)]
        host = host_name(name, index)
        join(self._client, node(host, kind, zone, self._region, self._kubelet, labels, taints_of(pool)))

    def _kind(self, pool: Object) -> Instance | None:
        """The smallest usual instance type that a pool allows, else the largest smaller one."""
        key = (pool["metadata"]["uid"], pool["metadata"]["generation"])
        if key not in self._kinds:
            fitting = [one for one in self._catalogue.all() if meets(all_labels(one), requirements(pool))]
            large = [one for one in fitting if one.cpus >= USUAL_CPUS]
            self._kinds[key] = (large or fitting[-1:] or [None])[0]
        return self._kinds[key]


def all_labels(kind: Instance) -> dict[str, str]:
    return {**kind.labels, **kind.karpenter_labels}


def requirements(pool: Object) -> list[Requirement]:
    return pool["spec"]["template"]["spec"].get("requirements", [])


def taints_of(pool: Object) -> list[Mapping[str, str]]:
    return pool["spec"]["template"]["spec"].get("taints", [])


def zones_of(pool: Object, zones: Sequence[str]) -> list[str]:
    return [zone for zone in zones if meets({ZONE: zone}, requirements(pool))]


def meets(labels: Mapping[str, str], wanted: Sequence[Requirement]) -> bool:
    """Whether labels satisfy every requirement that speaks of them; GPUs are bought only by who asks for them."""
    if "karpenter.k8s.aws/instance-gpu-count" in labels and not any(_chooses(each) for each in wanted):
        return False
    return all(_met(labels[each["key"]], each) for each in wanted if each["key"] in labels)


def _chooses(requirement: Requirement) -> bool:
    """A requirement that leads to certain instance types."""
    key, operator = requirement["key"], requirement["operator"]
    named = ("instance-category", "instance-family", "instance-gpu", "instance-type")
    return operator != "NotIn" and any(part in key for part in named)


OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "In": lambda label, values: label in values,
    "NotIn": lambda label, values: label not in values,
    "Exists": lambda label, values: True,
    "DoesNotExist": lambda label, values: False,
    "Gt": lambda label, values: int(label) > int(values[0]),
    "Lt": lambda label, values: int(label) < int(values[0]),
    "Gte": lambda label, values: int(label) >= int(values[0]),
    "Lte": lambda label, values: int(label) <= int(values[0]),
}


def _met(label: str, requirement: Requirement) -> bool:
    return OPERATORS[requirement["operator"]](label, requirement.get("values", []))


def stuck(pod: Object) -> bool:
    """A pod that the scheduler could not place."""
    conditions = pod.get("status", {}).get("conditions", [])
    return any(each["type"] == "PodScheduled" and each.get("reason") == "Unschedulable" for each in conditions)


def tolerates(pod: Object, taints: Sequence[Mapping[str, str]]) -> bool:
    """Whether a pod may run beside these taints."""
    hard = [taint for taint in taints if taint["effect"] != "PreferNoSchedule"]
    tolerations = pod["spec"].get("tolerations", [])
    return all(any(_matches(each, taint) for each in tolerations) for taint in hard)


def _matches(toleration: Mapping[str, str], taint: Mapping[str, str]) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    if toleration.get("operator", "Equal") == "Exists":
        return toleration.get("key") in (None, "", taint["key"])
    return (toleration.get("key"), toleration.get("value", "")) == (taint["key"], taint.get("value", ""))
