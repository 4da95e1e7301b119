"""Who may do what in the cluster: EKS access entries."""

from typing import Annotated, Literal

from pydantic import Field

from compute_plane.config.model import Model

Principal = Annotated[
    str,
    Field(
        pattern=r"^(arn:aws[a-z-]*:iam::\d{12}:(role|user)/([\w+=,.@-]+/)*[\w+=,.@-]+|([\w+=,.@-]+/)*[\w+=,.@-]+)$",
        description="An IAM role or user ARN, or a role name (with its path, if it has one) that is "
        "completed with the partition and account of the deployment.",
    ),
]


class AccessEntryConfig(Model):
    """One principal and the EKS access policy it holds."""

    principal: Principal
    policy: Literal["AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy", "AmazonEKSAdminViewPolicy"]
    namespaces: list[Annotated[str, Field(pattern=r"^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$")]] = Field(
        default=[], description="Where the policy holds; empty for the whole cluster."
    )


class AccessConfig(Model):
    """Access entries; the aws-auth ConfigMap is not used."""

    admins: list[Principal] = Field(
        min_length=1, description="Cluster administrators (AmazonEKSClusterAdminPolicy, whole cluster)."
    )
    entries: list[AccessEntryConfig] = Field(default=[], description="Everybody else.")
