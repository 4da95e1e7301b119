"""How roles are made and handed out, and the roles that others take."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compute_plane.config.cross_account import CrossAccountConfig
from compute_plane.config.model import Model
from compute_plane.config.platform import PlatformConfig

Identity = Literal["pod_identity", "irsa"]
WorkloadRole = Literal[
    "elb-controller",
    "karpenter",
    "efs",
    "efs-node",
    "csi-ebs",
    "vpc-cni",
    "external-dns",
    "cluster-autoscaler",
    "external-secrets",
    "cert-manager",
    "dal",
]
RESERVED_PATHS = ("/aws-reserved/", "/aws-service-role/")


def _free_path(path: str) -> str:
    if path.startswith(RESERVED_PATHS):
        raise ValueError(f"must not begin with one of {', '.join(RESERVED_PATHS)}: AWS keeps them for its own roles")
    return path


RolePath = Annotated[str, Field(pattern=r"^/([A-Za-z0-9_+=,.@-]+/)*$", max_length=512), AfterValidator(_free_path)]
Policy = Annotated[
    str,
    Field(
        pattern=r"^(arn:aws[a-z-]*:iam::(\d{12}|aws):policy/)?([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,128}$",
        max_length=700,
    ),
]


class IamConfig(Model):
    """Settings of every role of the plane, and the roles that principals outside it assume."""

    identity: Identity = Field(
        default="pod_identity",
        description="How service accounts get their roles: EKS Pod Identity, or IAM roles for service accounts (IRSA), "
        "which needs an OIDC provider of the cluster in the account.",
    )
    identities: dict[WorkloadRole, Identity] = Field(
        default={}, description="Roles that are handed out in another way, by the role's name without the cluster's."
    )
    permissions_boundary: Policy | None = Field(
        default=None,
        description="Permissions boundary of every role: the ARN of a managed policy, or a policy's name (with its "
        "path, if it has one) that is completed with the partition and account of the deployment. It must exist, and "
        "it limits the roles, so it has to allow what they do. The deploying principal must be allowed to create "
        "roles with it, and to set it on roles that exist (iam:PutRolePermissionsBoundary).",
    )
    role_path: RolePath = Field(
        default="/",
        description="Path of every role, such as /platform/. The deploying principal must be allowed to manage and "
        "pass roles below it. A role cannot move: choose the path before the first deployment.",
    )
    name_prefix: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9-]*$",
        description="How `name` must begin, such as tfy-: for accounts whose deploying principal may create roles with "
        "certain names only. Every name derives from `name`; the role of managed nodes begins with "
        "initial-eks-node-group- instead.",
    )
    platform: PlatformConfig | None = Field(default=None)
    cross_account: CrossAccountConfig | None = Field(default=None)

    def identity_of(self, role: str) -> Identity:
        """How a role, by its name without the cluster's, is handed out."""
        overridden: list[Identity] = [identity for key, identity in self.identities.items() if key == role]
        return overridden[0] if overridden else self.identity
