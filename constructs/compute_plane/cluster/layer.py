"""The cluster layer: control plane, access, node groups and EKS add-ons, in the order in which they need each other."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.cluster.access import Access
from compute_plane.cluster.control_plane import ControlPlane
from compute_plane.cluster.cross_account import CrossAccountAccess
from compute_plane.cluster.eks_addons import AddonsAfterNodes, AddonsBeforeNodes
from compute_plane.cluster.identities import Identities
from compute_plane.cluster.node_groups import NodeGroups
from compute_plane.config.access import AccessConfig
from compute_plane.config.cluster import ClusterConfig, NodeGroupConfig
from compute_plane.config.iam import IamConfig
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
        iam: IamConfig,
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
        self.outputs: dict[str, str] = {}
        """What people ask for after a deployment, by name."""
        if iam.cross_account:
            self.outputs |= CrossAccountAccess(
                self,
                "CrossAccountAccess",
                names=names,
                config=iam.cross_account,
                vpc=vpc,
                issuer_url=control_plane.issuer_url,
                tags=tags,
            ).outputs

        self.identities = Identities(self, control_plane=control_plane, names=names, config=iam)
        before = AddonsBeforeNodes(
            self,
            "AddonsBeforeNodes",
            cluster=self.cluster,
            names=names,
            identities=self.identities,
            vpc=vpc,
            versions=config.addon_versions,
            foreign_nodes=iam.cross_account is not None,
        )
        self.identities.come_before(before)
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
        after = AddonsAfterNodes(
            self,
            "AddonsAfterNodes",
            cluster=self.cluster,
            names=names,
            identities=self.identities,
            tags=tags,
            versions=config.addon_versions,
            volume_key_arn=config.volume_key_arn,
        )
        after.node.add_dependency(self.nodes)
        self.identities.come_before(after)
