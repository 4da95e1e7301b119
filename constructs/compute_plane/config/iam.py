"""How roles are made and handed out, and the roles that others take."""

from typing import Literal

from pydantic import Field

from compute_plane.config.model import Model

Identity = Literal["pod_identity", "irsa"]


class IamConfig(Model):
    """Settings of every role of the plane, and the roles that principals outside it assume."""

    identity: Identity = Field(
        default="pod_identity", description="How service accounts get their roles: EKS Pod Identity or IRSA."
    )
