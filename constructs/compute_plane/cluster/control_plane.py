"""The EKS control plane: encrypted secrets, all logs, a private endpoint."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from compute_plane.cluster.kubectl import acknowledge_kubectl_provider, kubectl_layer
from compute_plane.config.cluster import ClusterConfig
from compute_plane.iam.role import role_from_documents
from compute_plane.names import Names


class ControlPlane(Construct):
    """`eks.Cluster` without Auto Mode, whose role may do what document 000 lists and no more."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: ClusterConfig,
        protection: bool,
        vpc: ec2.IVpc,
        logs_key: kms.Key,
    ) -> None:
        super().__init__(scope, id)
        key = kms.Key(
            self,
            "SecretsKey",
            description=f"Kubernetes secrets of {names.cluster}",
            enable_key_rotation=True,
            # Useless once the cluster is gone; AWS keeps it for 30 more days.
            removal_policy=RemovalPolicy.DESTROY,
            pending_window=Duration.days(30),
        )
        role = role_from_documents(
            self,
            "Role",
            role_name=names.cluster_role,
            trust="trust-eks-cluster",
            documents=["cluster-encryption"],
            managed_policies=["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"],
            values={"ClusterKeyArn": key.key_arn, "ClusterName": names.cluster},
        )
        log_group = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=names.control_plane_log_group,
            kms_key_id=logs_key.key_arn,
            retention_in_days=config.log_retention_days,
        )
        log_group.apply_removal_policy(RemovalPolicy.DESTROY)
        cluster = eks.Cluster(
            self,
            "Cluster",
            cluster_name=names.cluster,
            version=eks.KubernetesVersion.of(config.version),
            vpc=vpc,
            vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)],
            role=iam.Role.from_role_arn(self, "ImportedRole", role.attr_arn, mutable=False),
            secrets_encryption_key=key,
            endpoint_access=_endpoint(config),
            cluster_logging=list(eks.ClusterLoggingTypes),
            bootstrap_cluster_creator_admin_permissions=False,
            # Left to itself the construct chooses Auto Mode.
            default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
            default_capacity=0,
            kubectl_provider_options=eks.KubectlProviderOptions(
                kubectl_layer=kubectl_layer(self, "KubectlLayer", version=config.version),
            ),
        )
        resource = cast(eks.CfnCluster, cluster.node.find_child("Resource"))
        resource.deletion_protection = protection
        # EKS would make a log group of its own, without retention, if ours came later.
        resource.add_resource_dependency(log_group)
        acknowledge_kubectl_provider(cluster)
        self._resource = resource
        # jsii's generated Cluster does not satisfy its own ICluster protocol.
        self.cluster = cast(eks.ICluster, cluster)

    @property
    def issuer_url(self) -> str:
        """The OIDC issuer of the cluster's service accounts."""
        return self._resource.attr_open_id_connect_issuer_url


def _endpoint(config: ClusterConfig) -> eks.EndpointAccess:
    if not config.public_access_cidrs:
        return eks.EndpointAccess.PRIVATE
    return eks.EndpointAccess.PUBLIC_AND_PRIVATE.only_from(*map(str, config.public_access_cidrs))
