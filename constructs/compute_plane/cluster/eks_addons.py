"""EKS's own add-ons. Networking and identity come before the nodes, what runs on nodes comes after them."""

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.cluster.identities import Identities
from compute_plane.config.cluster import EksAddon
from compute_plane.iam.role import WorkloadRole
from compute_plane.names import Names

NAMESPACE = "kube-system"


def _addon(
    scope: Construct,
    name: EksAddon,
    *,
    cluster: eks.ICluster,
    versions: Mapping[EksAddon, str],
    configuration: Mapping[str, Any] | None = None,
    role: WorkloadRole | None = None,
) -> None:
    """EKS chooses the version that the configuration leaves open, once; `aws eks update-addon` moves it later."""
    eks.CfnAddon(
        scope,
        name,
        addon_name=name,
        addon_version=versions.get(name),
        cluster_name=cluster.cluster_name,
        configuration_values=json.dumps(configuration) if configuration else None,
        service_account_role_arn=role.role.attr_arn if role and role.trusts_issuer else None,
        pod_identity_associations=[_association(role)] if role and not role.trusts_issuer else None,
        resolve_conflicts="OVERWRITE",
    )


def _association(role: WorkloadRole) -> eks.CfnAddon.PodIdentityAssociationProperty:
    return eks.CfnAddon.PodIdentityAssociationProperty(
        role_arn=role.role.attr_arn, service_account=role.service_account
    )


class AddonsBeforeNodes(Construct):
    """A node that joins finds its pod network, its proxy and its identity agent."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.ICluster,
        names: Names,
        identities: Identities,
        vpc: ec2.IVpc,
        versions: Mapping[EksAddon, str],
        foreign_nodes: bool,
    ) -> None:
        """`foreign_nodes`: others launch nodes too, and their launch templates tag no network interfaces."""
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "VpcCniRole",
            role_name=names.vpc_cni_role,
            documents=["vpc-cni", *(["untagged"] if foreign_nodes else [])],
            values={"ClusterName": names.cluster, "VpcId": vpc.vpc_id},
            cluster_name=names.cluster,
            namespace=NAMESPACE,
            service_account="aws-node",
            oidc_issuer=identities.issuer_for(names.vpc_cni_role),
        )
        _addon(
            self,
            "vpc-cni",
            cluster=cluster,
            versions=versions,
            # EKS itself sets CLUSTER_NAME, by which the plugin tags the interfaces that its policy pins it to.
            configuration={"env": {"ENABLE_PREFIX_DELEGATION": "true"}},
            role=role,
        )
        # Also where every role of the plane is handed out by IRSA: what runs on the plane may use Pod Identity.
        _addon(self, "eks-pod-identity-agent", cluster=cluster, versions=versions)
        _addon(self, "kube-proxy", cluster=cluster, versions=versions)


class AddonsAfterNodes(Construct):
    """DNS and EBS volumes: their pods need nodes to become ready."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.ICluster,
        names: Names,
        identities: Identities,
        tags: Mapping[str, str],
        versions: Mapping[EksAddon, str],
        volume_key_arn: str | None,
    ) -> None:
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "EbsCsiRole",
            role_name=names.ebs_csi_role,
            documents=["ebs-csi-controller", *(["kms"] if volume_key_arn else [])],
            values={"ClusterName": names.cluster, **({"VolumeKeyArn": volume_key_arn} if volume_key_arn else {})},
            cluster_name=names.cluster,
            namespace=NAMESPACE,
            service_account="ebs-csi-controller-sa",
            oidc_issuer=identities.issuer_for(names.ebs_csi_role),
        )
        _addon(self, "coredns", cluster=cluster, versions=versions)
        _addon(
            self,
            "aws-ebs-csi-driver",
            cluster=cluster,
            versions=versions,
            configuration={"controller": {"extraVolumeTags": dict(tags)}} if tags else None,
            role=role,
        )
