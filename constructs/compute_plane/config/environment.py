"""One environment: everything an operator may say, composed with the add-ons' own settings."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, create_model

from compute_plane.addons import ADDONS
from compute_plane.addons.base import AddonSettings
from compute_plane.config.access import AccessConfig
from compute_plane.config.cluster import ClusterConfig, NodeGroupConfig
from compute_plane.config.data import DataConfig
from compute_plane.config.iam import IamConfig
from compute_plane.config.model import Model
from compute_plane.config.network import NetworkConfig
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.names import Names

if TYPE_CHECKING:
    AddonsConfig = Model
else:
    AddonsConfig = create_model(
        "AddonsConfig",
        __base__=Model,
        __doc__="The add-ons this environment has, by name.",
        **{
            addon.name.replace("-", "_"): (
                addon.Settings | None,
                Field(default=None, alias=addon.name, description=addon.__doc__),
            )
            for addon in ADDONS
        },
    )

TagKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_ .:/+@-]+$", max_length=128)]
# EKS refuses tags without a value.
TagValue = Annotated[str, Field(pattern=r"^[\w .:/=+@-]+$", max_length=256)]


class EnvironmentConfig(Model):
    """The whole of `config/<env>.yaml`."""

    model_config = ConfigDict(title="Compute Plane environment")

    name: str = Field(
        pattern=r"^[a-z][a-z0-9-]*[a-z0-9]$",
        description="The cluster's name; IAM role names derive from it, so it is unique in the account in all regions.",
    )
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="AWS region.")
    account: str | None = Field(
        default=None,
        pattern=r"^\d{12}$",
        description="AWS account id, in quotes; the deployer's if unset. Given, any other account is refused.",
    )
    description: str = Field(max_length=500, description="Description of every stack, which adds its name.")
    tags: dict[TagKey, TagValue] = Field(
        default={}, max_length=40, description="Reach every taggable resource, and what controllers make."
    )
    protection: bool = Field(
        description="Deletion protection of cluster and database, termination protection of the stacks."
    )
    access: AccessConfig
    iam: IamConfig = Field(default=IamConfig(), description="Roles: how they are made, and who may assume them.")
    network: NetworkConfig
    cluster: ClusterConfig
    node_groups: list[NodeGroupConfig] = Field(min_length=1, description="EKS managed node groups.")
    node_pools: list[NodePoolConfig] = Field(default=[], description="Karpenter node pools.")
    addons: AddonsConfig = Field(default=AddonsConfig(), description="The add-ons this environment has, by name.")
    data: DataConfig = Field(default=DataConfig(), description="Data services.")

    @property
    def names(self) -> Names:
        return Names(self.name, role_path=self.iam.role_path)

    @property
    def addon_settings(self) -> dict[str, AddonSettings]:
        """Settings of the add-ons that are given, by the add-on's name."""
        return addon_settings(self.addons)


def addon_settings(addons: Model) -> dict[str, AddonSettings]:
    """Settings of the add-ons that are given and enabled, by the add-on's name."""
    given: dict[str, Any] = {addon.name: getattr(addons, addon.name.replace("-", "_")) for addon in ADDONS}
    return {name: settings for name, settings in given.items() if settings is not None and settings.enabled}
