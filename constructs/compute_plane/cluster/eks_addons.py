"""EKS's own add-ons. Networking and identity come before the nodes, what runs on nodes comes after them."""

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.iam.role import WorkloadRole
from compute_plane.names import Names

NAMESPACE = "kube-system"


def _addon(
    scope: Construct,
    name: str,
    *,
    cluster: eks.ICluster,
    configuration: Mapping[str, Any] | None = None,
    identity: eks.CfnAddon.PodIdentityAssociationProperty | None = None,
) -> None:
    """EKS chooses the version when the add-on is made; after a cluster upgrade, `aws eks update-addon` moves it."""
    eks.CfnAddon(
        scope,
        name,
        addon_name=name,
        cluster_name=cluster.cluster_name,
        configuration_values=json.dumps(configuration) if configuration else None,
        pod_identity_associations=[identity] if identity else None,
        resolve_conflicts="OVERWRITE",
    )


def _identity(role: WorkloadRole, service_account: str) -> eks.CfnAddon.PodIdentityAssociationProperty:
    return eks.CfnAddon.PodIdentityAssociationProperty(role_arn=role.role.attr_arn, service_account=service_account)


class AddonsBeforeNodes(Construct):
    """A node that joins finds its pod network, its proxy and its identity agent."""

    def __init__(self, scope: Construct, id: str, *, cluster: eks.ICluster, names: Names, vpc: ec2.IVpc) -> None:
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "VpcCniRole",
            role_name=names.vpc_cni_role,
            documents=["vpc-cni"],
            values={"ClusterName": names.cluster, "VpcId": vpc.vpc_id},
            cluster_name=names.cluster,
            namespace=NAMESPACE,
            service_account="aws-node",
        )
        _addon(
            self,
            "vpc-cni",
            cluster=cluster,
            # EKS itself sets CLUSTER_NAME, by which the plugin tags the interfaces that its policy pins it to.
            configuration={"env": {"ENABLE_PREFIX_DELEGATION": "true"}},
            identity=_identity(role, "aws-node"),
        )
        _addon(self, "eks-pod-identity-agent", cluster=cluster)
        _addon(self, "kube-proxy", cluster=cluster)


class AddonsAfterNodes(Construct):
    """DNS and EBS volumes: their pods need nodes to become ready."""

    def __init__(
        self, scope: Construct, id: str, *, cluster: eks.ICluster, names: Names, tags: Mapping[str, str]
    ) -> None:
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "EbsCsiRole",
            role_name=names.ebs_csi_role,
            documents=["ebs-csi-controller"],
            values={"ClusterName": names.cluster},
            cluster_name=names.cluster,
            namespace=NAMESPACE,
            service_account="ebs-csi-controller-sa",
        )
        _addon(self, "coredns", cluster=cluster)
        _addon(
            self,
            "aws-ebs-csi-driver",
            cluster=cluster,
            configuration={"controller": {"extraVolumeTags": dict(tags)}} if tags else None,
            identity=_identity(role, "ebs-csi-controller-sa"),
        )
