"""Gives one service account one IAM role, through EKS Pod Identity."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.addons.base import Plane
from compute_plane.iam.role import WorkloadRole


class WorkloadIdentity(Construct):
    """A role that exactly one service account of this cluster can take, and the association that hands it out."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        plane: Plane,
        role_name: str,
        documents: Sequence[str],
        values: Mapping[str, str | list[str]],
        namespace: str,
        service_account: str,
    ) -> None:
        super().__init__(scope, id)
        role = WorkloadRole(
            self,
            "Role",
            role_name=role_name,
            documents=documents,
            values=values,
            cluster_name=plane.cluster_name,
            namespace=namespace,
            service_account=service_account,
        ).role
        eks.CfnPodIdentityAssociation(
            self,
            "Association",
            cluster_name=plane.cluster.cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=role.attr_arn,
        )
