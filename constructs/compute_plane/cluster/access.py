"""Who may use the cluster: one EKS access entry for each principal."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.config.access import AccessConfig


class Access(Construct):
    """Access entries of administrators and everybody else; the aws-auth ConfigMap is not used."""

    def __init__(self, scope: Construct, id: str, *, cluster: eks.ICluster, config: AccessConfig) -> None:
        super().__init__(scope, id)
        self._cluster = cluster
        for principal in config.admins:
            self._grant(principal, "AmazonEKSClusterAdminPolicy", [])
        for entry in config.entries:
            self._grant(entry.principal, entry.policy, entry.namespaces)

    def _grant(self, principal: str, policy: str, namespaces: Sequence[str]) -> None:
        scope = eks.CfnAccessEntry.AccessScopeProperty(
            type="namespace" if namespaces else "cluster", namespaces=list(namespaces) or None
        )
        partition = Stack.of(self).partition
        eks.CfnAccessEntry(
            self,
            # The whole of it: two accounts may have a role of one name.
            principal,
            cluster_name=self._cluster.cluster_name,
            principal_arn=self._arn(principal),
            access_policies=[
                eks.CfnAccessEntry.AccessPolicyProperty(
                    policy_arn=f"arn:{partition}:eks::aws:cluster-access-policy/{policy}", access_scope=scope
                )
            ],
        )

    def _arn(self, principal: str) -> str:
        """A bare role name is completed, so that one file serves every account."""
        if principal.startswith("arn:"):
            return principal
        return Stack.of(self).format_arn(service="iam", region="", resource="role", resource_name=principal)
