"""Nodes follow node groups and NodePools, on a real control plane."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.kubernetes.client import Client, Object
from rehearsal.kubernetes.control_plane import ControlPlane

Eventually = Callable[[Callable[[], Any]], Any]
POOLS = "/apis/karpenter.sh/v1/nodepools"


@pytest.fixture
def pools(client: Client, eventually: Eventually, definition: Callable[..., Object]) -> Iterator[str]:
    """The path of NodePools, defined."""
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    if client.found(f"{definitions}/nodepools.karpenter.sh") is None:
        client.create(definitions, definition("karpenter.sh", "v1", "NodePool", "nodepools"))
    assert eventually(lambda: client.found(POOLS))
    yield POOLS
    for pool in client.listed(POOLS):
        client.delete(f"{POOLS}/{pool['metadata']['name']}")


def pool(name: str, *requirements: dict[str, Any], **spec: Any) -> Object:
    template = {"metadata": {"labels": {"team": "ml"}}, "spec": {"requirements": list(requirements), **spec}}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {"template": template},
    }


def nodes_of(client: Client, selector: str) -> list[Object]:
    return client.listed(f"/api/v1/nodes?labelSelector={selector}")


def test_a_node_group_has_its_nodes_in_its_zones(client: Client, eventually: Eventually) -> None:
    def ready() -> list[Object]:
        nodes = nodes_of(client, "eks.amazonaws.com/nodegroup%3Dbootstrap")
        statuses = [
            each["status"] for node in nodes for each in node["status"].get("conditions", []) if each["type"] == "Ready"
        ]
        return nodes if statuses == ["True", "True"] else []

    nodes = eventually(ready)

    labels = [node["metadata"]["labels"] for node in nodes]
    assert [each["topology.kubernetes.io/zone"] for each in labels] == ["eu-central-1a", "eu-central-1b"]
    assert {each["node.kubernetes.io/instance-type"] for each in labels} == {"m7i.large"}
    assert {each["eks.amazonaws.com/capacityType"] for each in labels} == {"ON_DEMAND"}
    assert {node["spec"].get("taints", None) is None for node in nodes} == {True}


def test_a_node_group_grows_shrinks_and_goes(plane: ControlPlane, client: Client) -> None:
    taint = {"Key": "dedicated", "Value": "gpu", "Effect": "NO_EXECUTE"}
    group: dict[str, Any] = {
        "NodegroupName": "gpu",
        "InstanceTypes": ["g6.xlarge"],
        "Labels": {"accelerator": "nvidia"},
        "Taints": [taint],
        "Subnets": ["subnet-1"],
    }

    def put(size: int) -> list[Object]:
        plane.put_member("Nodegroup", {**group, "ScalingConfig": {"DesiredSize": size}})
        return nodes_of(client, "accelerator%3Dnvidia")

    grown, shrunk = put(3), put(1)
    plane.remove_member("Nodegroup", group)

    assert (len(grown), len(shrunk)) == (3, 1)
    taints = [(each["key"], each["effect"]) for each in grown[0]["spec"]["taints"]]
    assert ("dedicated", "NoExecute") in taints
    assert grown[0]["status"]["allocatable"]["nvidia.com/gpu"] == "1"
    assert nodes_of(client, "accelerator%3Dnvidia") == []


def test_a_pool_has_a_node_in_each_zone_and_they_go_with_it(client: Client, pools: str, eventually: Eventually) -> None:
    family = {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["g6"]}
    capacity = {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand", "spot"]}
    taint = {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"}
    client.create(pools, pool("gpu", family, capacity, taints=[taint]))
    selector = "karpenter.sh/nodepool%3Dgpu"

    nodes = eventually(lambda: found if len(found := nodes_of(client, selector)) == 2 else [])
    client.delete(f"{pools}/gpu")
    gone = eventually(lambda: not nodes_of(client, selector))

    labels = [node["metadata"]["labels"] for node in nodes]
    assert [each["topology.kubernetes.io/zone"] for each in labels] == ["eu-central-1a", "eu-central-1b"]
    assert {(each["karpenter.sh/capacity-type"], each["team"]) for each in labels} == {("spot", "ml")}
    assert {node["metadata"]["labels"]["node.kubernetes.io/instance-type"] for node in nodes} == {"g6.xlarge"}
    assert all(taint in node["spec"]["taints"] for node in nodes)
    assert gone


def test_pods_that_wait_get_more_nodes(client: Client, pools: str, namespace: str, eventually: Eventually) -> None:
    client.create(pools, pool("spread", {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}))
    labels = {"app": "spread"}
    apart = {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname"}
    spec = {
        "nodeSelector": {"karpenter.sh/nodepool": "spread"},
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}},
        "containers": [{"name": "main", "image": "web"}],
    }
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    template = {"metadata": {"labels": labels}, "spec": spec}
    content = {"replicas": 4, "selector": {"matchLabels": labels}, "template": template}
    client.create(path, {"metadata": {"name": "spread"}, "spec": content})

    assert eventually(lambda: client.get(f"{path}/spread")["status"].get("readyReplicas") == 4)


def test_a_pool_that_no_instance_fits_is_reported(
    plane: ControlPlane, client: Client, pools: str, eventually: Eventually
) -> None:
    client.create(
        pools, pool("impossible", {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["z9"]})
    )

    assert eventually(lambda: [fault for fault in plane.facts.faults if "impossible" in fault])
