"""The cluster layer: control plane, access, node groups and EKS add-ons, in the order in which they need each other."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.cluster.access import Access
from compute_plane.cluster.control_plane import ControlPlane
from compute_plane.cluster.eks_addons import AddonsAfterNodes, AddonsBeforeNodes
from compute_plane.cluster.node_groups import NodeGroups
from compute_plane.config.access import AccessConfig
from compute_plane.config.cluster import ClusterConfig, NodeGroupConfig
from compute_plane.names import Names


class Cluster(Construct):
    """An EKS cluster that runs pods: nodes have networking when they join, DNS and volumes when the layer is done."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: ClusterConfig,
        access: AccessConfig,
        node_groups: Sequence[NodeGroupConfig],
        tags: Mapping[str, str],
        protection: bool,
        vpc: ec2.IVpc,
        logs_key: kms.Key,
    ) -> None:
        super().__init__(scope, id)
        control_plane = ControlPlane(
            self,
            "ControlPlane",
            names=names,
            config=config,
            protection=protection,
            vpc=vpc,
            logs_key=logs_key,
        )
        self.cluster = control_plane.cluster
        Access(self, "Access", cluster=self.cluster, config=access)

        before = AddonsBeforeNodes(self, "AddonsBeforeNodes", cluster=self.cluster, names=names, vpc=vpc)
        self.nodes = NodeGroups(
            self,
            "Nodes",
            cluster=self.cluster,
            names=names,
            groups=node_groups,
            version=config.version,
            tags=tags,
            vpc=vpc,
        )
        self.nodes.node.add_dependency(before)
        after = AddonsAfterNodes(self, "AddonsAfterNodes", cluster=self.cluster, names=names, tags=tags)
        after.node.add_dependency(self.nodes)
