"""How service accounts get their roles: EKS Pod Identity, or the cluster's own OIDC issuer (IRSA)."""

from __future__ import annotations

from typing import Any

from aws_cdk import Fn
from aws_cdk import aws_iam as iam
from constructs import Construct

from compute_plane.cluster.control_plane import ControlPlane
from compute_plane.config.iam import IamConfig
from compute_plane.names import Names

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"


class Identities:
    """Which roles trust the cluster's OIDC issuer. IAM is told of the issuer when the first of them asks for it."""

    def __init__(self, scope: Construct, *, control_plane: ControlPlane, names: Names, config: IamConfig) -> None:
        self._scope = scope
        self._control_plane = control_plane
        self._names = names
        self._config = config
        self._issuer: str | None = None
        self._provider: iam.CfnOIDCProvider | None = None

    def issuer_for(self, role_name: str) -> str | None:
        """The issuer that this role trusts, without https://; None for a role that EKS Pod Identity hands out."""
        if not self._trusts_issuer(role_name):
            return None
        if self._issuer is None:
            url = self._control_plane.issuer_url
            self._provider = iam.CfnOIDCProvider(
                self._scope, "OidcProvider", url=url, client_id_list=["sts.amazonaws.com"]
            )
            # Another stack reads the URL by Fn::GetStackOutput, which Fn::Sub accepts and Fn::Split does not.
            self._issuer = Fn.select(1, Fn.split("//", Fn.sub("${Url}", {"Url": url})))
        return self._issuer

    def service_account(self, name: str, *, role_name: str) -> dict[str, Any]:
        """A service account in a chart's values: its name, and what it has to carry of its role."""
        if not self._trusts_issuer(role_name):
            return {"name": name}
        return {"name": name, "annotations": {ROLE_ANNOTATION: self._names.role_arn(role_name)}}

    def come_before(self, workloads: Construct) -> None:
        """Makes workloads wait until IAM knows the issuer, if any role so far trusts it."""
        if self._provider:
            workloads.node.add_dependency(self._provider)

    def _trusts_issuer(self, role_name: str) -> bool:
        return self._config.identity_of(self._names.role_key(role_name)) == "irsa"
