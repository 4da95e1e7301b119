"""Gives one service account one IAM role, through EKS Pod Identity or IRSA."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.addons.base import Plane
from compute_plane.iam.role import WorkloadRole


class WorkloadIdentity(Construct):
    """A role that exactly one service account of this cluster can take.

    Pod Identity hands it out by an association; under IRSA the service account itself names its role, so the add-on's
    values must take the account from `plane.service_account`.
    """

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
        issuer = plane.identities.issuer_for(role_name)
        self.role = WorkloadRole(
            self,
            "Role",
            role_name=role_name,
            documents=documents,
            values=values,
            cluster_name=plane.cluster_name,
            namespace=namespace,
            service_account=service_account,
            oidc_issuer=issuer,
        ).role
        self.role_arn = self.role.attr_arn
        if issuer:
            return
        eks.CfnPodIdentityAssociation(
            self,
            "Association",
            cluster_name=plane.cluster.cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=self.role_arn,
        )
