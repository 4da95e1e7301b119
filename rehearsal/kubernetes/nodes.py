"""The Nodes of a managed node group: as many as it wants, in the zones of its subnets, with its labels and taints."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rehearsal.kubernetes.client import Client, Object
from rehearsal.kubernetes.instances import Catalogue, Instance

Zones = Callable[[Sequence[str]], list[str]]
GROUP = "eks.amazonaws.com/nodegroup"
TAINT_EFFECTS = {
    "NO_SCHEDULE": "NoSchedule",
    "NO_EXECUTE": "NoExecute",
    "PREFER_NO_SCHEDULE": "PreferNoSchedule",
}
# EKS launches the first type that has capacity, on-demand, unless the group says something else.
DEFAULT_INSTANCE_TYPE = "t3.medium"
DEFAULT_CAPACITY_TYPE = "ON_DEMAND"
LONGEST_OWNER = 45


class NodeGroups:
    """Keeps a cluster's Nodes as its node groups want them."""

    def __init__(self, client: Client, catalogue: Catalogue, zones: Zones, region: str, kubelet: str) -> None:
        self._client, self._catalogue, self._zones = client, catalogue, zones
        self._region, self._kubelet = region, kubelet

    def put(self, group: Mapping[str, Any]) -> None:
        """Create a group's Nodes, or bring them in line with it."""
        wanted = self._wanted(group)
        for node in wanted:
            join(self._client, node)
        self._remove(str(group["NodegroupName"]), keep={node["metadata"]["name"] for node in wanted})

    def remove(self, name: str) -> None:
        self._remove(name, keep=set())

    def _remove(self, name: str, keep: set[str]) -> None:
        for node in self._client.listed(f"/api/v1/nodes?labelSelector={GROUP}%3D{name}"):
            if node["metadata"]["name"] not in keep:
                self._client.delete(f"/api/v1/nodes/{node['metadata']['name']}")

    def _wanted(self, group: Mapping[str, Any]) -> list[Object]:
        name, scaling = str(group["NodegroupName"]), group.get("ScalingConfig", {})
        kind = self._catalogue.get(str((group.get("InstanceTypes") or [DEFAULT_INSTANCE_TYPE])[0]))
        zones = self._zones([str(subnet) for subnet in group["Subnets"]])
        labels = {
            **{str(key): str(value) for key, value in (group.get("Labels") or {}).items()},
            GROUP: name,
            "eks.amazonaws.com/capacityType": str(group.get("CapacityType", DEFAULT_CAPACITY_TYPE)),
        }
        taints = [
            {"key": each["Key"], "value": each.get("Value", ""), "effect": TAINT_EFFECTS[each["Effect"]]}
            for each in group.get("Taints") or []
        ]
        return [
            node(host_name(name, index), kind, zones[index % len(zones)], self._region, self._kubelet, labels, taints)
            for index in range(int(scaling.get("DesiredSize", 2)))
        ]


def node(
    name: str,
    kind: Instance,
    zone: str,
    region: str,
    kubelet: str,
    labels: Mapping[str, str],
    taints: Sequence[Mapping[str, str]],
) -> Object:
    """A Node as its kubelet registers it; kwok then says that all is well."""
    placed = {
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": zone,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {**kind.labels, **placed, **labels}},
        "spec": {"providerID": f"aws:///{zone}/i-{name}", **({"taints": list(taints)} if taints else {})},
        "status": {
            "capacity": kind.capacity,
            "allocatable": kind.allocatable,
            "addresses": [{"type": "Hostname", "address": name}, {"type": "InternalIP", "address": address(name)}],
            "nodeInfo": {
                "architecture": kind.architecture,
                "operatingSystem": "linux",
                "kubeletVersion": kubelet,
                "kubeProxyVersion": kubelet,
                "osImage": "rehearsal",
                "kernelVersion": "rehearsal",
                "containerRuntimeVersion": "rehearsal",
                "machineID": "",
                "systemUUID": "",
                "bootID": "",
            },
        },
    }


def join(client: Client, node: Object) -> None:
    """Write a Node, and its status as its kubelet would."""
    path = f"/api/v1/nodes/{node['metadata']['name']}"
    client.apply(path, {key: value for key, value in node.items() if key != "status"})
    client.apply(f"{path}/status", {key: value for key, value in node.items() if key != "spec"})


def host_name(owner: str, index: int) -> str:
    """The name of an owner's Node: the owner's name where Kubernetes allows it, else what is left of it."""
    allowed = re.sub(r"[^a-z0-9]+", "-", owner.lower())[:LONGEST_OWNER].strip("-")
    if allowed != owner:
        allowed += f"-{hashlib.sha256(owner.encode()).hexdigest()[:6]}"
    return f"{allowed}-{index + 1}"


def address(name: str) -> str:
    """An address out of the block that documentation uses: nothing is ever reached there."""
    return f"198.51.100.{1 + sum(name.encode()) % 254}"
