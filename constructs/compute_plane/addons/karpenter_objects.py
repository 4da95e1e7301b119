"""Karpenter's Kubernetes objects: the EC2NodeClass and the NodePools."""

from typing import Any

from compute_plane.addons.base import Plane
from compute_plane.config.kubernetes_types import Taint
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.tags import INTERFACE_TAG

NODE_CLASS = "default"


def node_class(
    plane: Plane, *, ami_alias: str, volume_size_gib: int, reserved_capacity: bool = False
) -> dict[str, Any]:
    """The EC2NodeClass that every pool shares; its instance profile is ours, so Karpenter writes nothing in IAM."""
    ours = {"karpenter.sh/discovery": plane.cluster_name}
    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": NODE_CLASS},
        "spec": {
            "amiSelectorTerms": [{"alias": ami_alias}],
            "instanceProfile": plane.names.karpenter_node_role,
            "subnetSelectorTerms": [{"tags": ours}],
            "securityGroupSelectorTerms": [{"id": plane.cluster_security_group_id}],
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                "httpPutResponseHopLimit": 1,
            },
            # With prefix delegation, addresses are no longer what limits pods: AWS's advice below 30 vCPUs.
            "kubelet": {"maxPods": 110},
            "blockDeviceMappings": _volumes(ami_alias, volume_size_gib),
            # They reach the network interfaces, of which the VPC CNI takes those that name its cluster.
            "tags": {**plane.tags, INTERFACE_TAG: plane.cluster_name},
            **({"capacityReservationSelectorTerms": [{"tags": ours}]} if reserved_capacity else {}),
        },
    }


def _volumes(ami_alias: str, size_gib: int) -> list[dict[str, Any]]:
    """Bottlerocket keeps its system on the first volume and its data on a second one."""
    layout = (
        [("/dev/xvda", 4), ("/dev/xvdb", size_gib)]
        if ami_alias.startswith("bottlerocket")
        else [("/dev/xvda", size_gib)]
    )
    return [
        {"deviceName": device, "ebs": {"volumeSize": f"{gib}Gi", "volumeType": "gp3", "encrypted": True}}
        for device, gib in layout
    ]


def taint(taint: Taint) -> dict[str, str]:
    """A taint as Kubernetes writes it: no empty value."""
    return taint.model_dump(exclude_defaults=True)


def node_pool(pool: NodePoolConfig) -> dict[str, Any]:
    """One NodePool."""
    template: dict[str, Any] = {
        "spec": {
            "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": NODE_CLASS},
            "requirements": _requirements(pool),
            "expireAfter": f"{pool.expire_after_hours}h",
        }
    }
    if pool.labels:
        template["metadata"] = {"labels": pool.labels}
    if pool.taints:
        template["spec"]["taints"] = [taint(each) for each in pool.taints]
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": pool.name},
        "spec": {
            "weight": pool.weight,
            "template": template,
            "disruption": {
                "consolidationPolicy": pool.consolidation,
                "consolidateAfter": f"{pool.consolidate_after_seconds}s",
            },
            "limits": {"cpu": str(pool.cpu_limit), "memory": f"{pool.memory_limit_gib}Gi"},
        },
    }


def _requirements(pool: NodePoolConfig) -> list[dict[str, Any]]:
    wanted = {
        "karpenter.sh/capacity-type": list(pool.capacity_types),
        "kubernetes.io/arch": list(pool.architectures),
        "kubernetes.io/os": ["linux"],
        "karpenter.k8s.aws/instance-category": pool.instance_categories,
        "karpenter.k8s.aws/instance-family": pool.instance_families,
    }
    requirements: list[dict[str, Any]] = [
        {"key": key, "operator": "In", "values": values} for key, values in wanted.items() if values
    ]
    if pool.min_generation:
        older = str(pool.min_generation - 1)
        requirements.append({"key": "karpenter.k8s.aws/instance-generation", "operator": "Gt", "values": [older]})
    return requirements
