"""The contract every add-on follows, and what an add-on may see of the plane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from aws_cdk import aws_eks_v2 as eks
from constructs import Construct
from pydantic import Field, JsonValue

from compute_plane.cluster.identities import Identities
from compute_plane.config.model import Model
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.names import Names


class AddonSettings(Model):
    """What every add-on can be told; an add-on's own keys are declared by a subclass."""

    enabled: bool = Field(default=True, description="False keeps the settings and installs nothing.")
    values: dict[str, JsonValue] = Field(default={}, description="Helm values merged over the plane's own.")


SettingsT = TypeVar("SettingsT", bound=AddonSettings)


@dataclass(frozen=True)
class Plane:
    """What add-ons may see: the cluster, the network, data outputs, names. Never another add-on."""

    cluster: eks.ICluster
    cluster_security_group_id: str
    names: Names
    region: str
    vpc_id: str
    node_pools: Sequence[NodePoolConfig]
    tags: Mapping[str, str]
    identities: Identities
    file_system_id: str | None = None
    volume_key_arn: str | None = None

    @property
    def cluster_name(self) -> str:
        """The literal name; `cluster.cluster_name` is a token, which IAM condition keys do not accept."""
        return self.names.cluster

    def service_account(self, name: str, *, role_name: str) -> dict[str, Any]:
        """A chart's values of a service account that gets this role by WorkloadIdentity."""
        return self.identities.service_account(name, role_name=role_name)


@dataclass(frozen=True)
class Manifest:
    """Kubernetes objects applied together after the add-on's chart, and after other manifests of the add-on."""

    id: str
    objects: Sequence[Mapping[str, Any]]
    after: tuple[str, ...] = ()
    overwrite: bool = False


class Addon(Generic[SettingsT]):
    """One Helm release, its manifests and its AWS resources. Subclass it in a file of its own."""

    name: ClassVar[str]
    namespace: ClassVar[str]
    chart: ClassVar[str | None] = None
    """Key in charts.lock.yaml; None when the add-on is manifests only."""
    service_account: ClassVar[str] = ""
    """The chart's own service account; empty when the chart has none that matters to the plane."""
    depends_on: ClassVar[tuple[str, ...]] = ()
    Settings: ClassVar[type[AddonSettings]] = AddonSettings

    def values(self, plane: Plane, settings: SettingsT) -> Mapping[str, Any]:
        """Helm values: only what differs from the chart's defaults."""
        return {}

    def manifests(self, plane: Plane, settings: SettingsT) -> Sequence[Manifest]:
        """Kubernetes objects that no chart makes."""
        return ()

    def resources(self, scope: Construct, plane: Plane, settings: SettingsT) -> None:
        """AWS resources the add-on needs; the chart waits for them."""
