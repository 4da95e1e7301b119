"""Provisions nodes for pending pods, from the environment's node pools."""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, Manifest, MonitoredSettings, Plane
from compute_plane.addons.karpenter_objects import node_class, node_pool
from compute_plane.addons.karpenter_resources import InterruptionQueue, NodeIdentity
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.tags import free_tag_keys


class KarpenterSettings(MonitoredSettings):
    """Karpenter's controller and the EC2NodeClass that all node pools share."""

    ami_alias: str = Field(
        default="al2023@latest",
        pattern=r"^(al2023|bottlerocket)@(latest|v\d[\w.]*)$",
        description="Amazon Linux 2023 or Bottlerocket, and a version; `latest` replaces nodes as images appear.",
    )
    volume_size_gib: int = Field(default=100, ge=20, le=16384, description="Encrypted gp3 volume of a node.")
    reserved_capacity: bool = Field(
        default=False,
        description="Launches into On-Demand Capacity Reservations tagged karpenter.sh/discovery = <name>, for node "
        "pools whose capacity_types have `reserved`.",
    )


class Karpenter(Addon[KarpenterSettings]):
    name = "karpenter"
    namespace = "kube-system"
    chart = "karpenter"
    service_account = "karpenter"
    depends_on = ("karpenter-crd",)
    Settings = KarpenterSettings

    def values(self, plane: Plane, settings: KarpenterSettings) -> Mapping[str, Any]:
        return {
            "serviceAccount": plane.service_account(self.service_account, role_name=plane.names.karpenter_role),
            "settings": {"clusterName": plane.cluster_name, "interruptionQueue": plane.names.karpenter_queue},
            # Its own DNS must not depend on nodes that it has to make first.
            "dnsPolicy": "Default",
            "controller": {"resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}},
            **({"serviceMonitor": {"enabled": True}} if settings.service_monitors else {}),
        }

    def manifests(self, plane: Plane, settings: KarpenterSettings) -> Sequence[Manifest]:
        shared = node_class(
            plane,
            ami_alias=settings.ami_alias,
            volume_size_gib=settings.volume_size_gib,
            reserved_capacity=settings.reserved_capacity,
        )
        pools = [
            Manifest(f"NodePool-{pool.name}", [node_pool(pool)], after=("NodeClass",)) for pool in plane.node_pools
        ]
        return [Manifest("NodeClass", [shared]), *pools]

    def resources(self, scope: Construct, plane: Plane, settings: KarpenterSettings) -> None:
        queue = InterruptionQueue(scope, "Interruption", queue_name=plane.names.karpenter_queue).queue
        nodes = NodeIdentity(
            scope, "Nodes", name=plane.names.karpenter_node_role, cluster_name=plane.cluster.cluster_name
        )
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.karpenter_role,
            documents=["karpenter", *(["reserved-capacity"] if settings.reserved_capacity else [])],
            values={
                "ClusterName": plane.cluster_name,
                "VpcId": plane.vpc_id,
                "InterruptionQueueArn": queue.queue_arn,
                "NodeRoleArn": nodes.role.attr_arn,
                "NodeInstanceProfileArn": nodes.instance_profile.attr_arn,
                "TagKey": free_tag_keys(plane.tags),
            },
            namespace=self.namespace,
            service_account=self.service_account,
        )
