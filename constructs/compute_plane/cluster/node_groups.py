"""EKS managed node groups."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.cluster.launch_template import launch_template
from compute_plane.config.cluster import NodeGroupConfig
from compute_plane.config.kubernetes_types import Taint
from compute_plane.iam.node_role import node_role
from compute_plane.names import Names

# Kubernetes and the EKS API spell the effects differently.
EFFECTS = {"NoSchedule": "NO_SCHEDULE", "PreferNoSchedule": "PREFER_NO_SCHEDULE", "NoExecute": "NO_EXECUTE"}


class NodeGroups(Construct):
    """The groups of the configuration, in the private subnets, with one role."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.ICluster,
        names: Names,
        groups: Sequence[NodeGroupConfig],
        version: str,
        tags: Mapping[str, str],
        vpc: ec2.IVpc,
    ) -> None:
        super().__init__(scope, id)
        role_arn = node_role(self, "Role", role_name=names.node_role).attr_arn
        subnets = [subnet.subnet_id for subnet in vpc.private_subnets]
        cluster_name = cluster.cluster_name
        for group in groups:
            template = launch_template(self, f"{group.name}-Template", group=group, names=names, tags=tags)
            eks.CfnNodegroup(
                self,
                group.name,
                cluster_name=cluster_name,
                node_role=role_arn,
                # Without it, nodes would stay behind when the control plane is upgraded.
                version=version,
                subnets=subnets,
                ami_type=group.ami_type,
                capacity_type=group.capacity_type,
                instance_types=list(group.instance_types),
                labels=dict(group.labels) or None,
                taints=[_taint(taint) for taint in group.taints] or None,
                launch_template=template,
                scaling_config=eks.CfnNodegroup.ScalingConfigProperty(
                    min_size=group.min_size, desired_size=group.desired_size, max_size=group.max_size
                ),
                update_config=eks.CfnNodegroup.UpdateConfigProperty(
                    max_unavailable=group.update.max_unavailable, update_strategy=group.update.strategy
                ),
            )


def _taint(taint: Taint) -> eks.CfnNodegroup.TaintProperty:
    return eks.CfnNodegroup.TaintProperty(key=taint.key, value=taint.value or None, effect=EFFECTS[taint.effect])
