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
    version: str | None = Field(
        default=None, description="Version of the chart, of those in charts.lock.yaml; the first one there if unset."
    )


class MonitoredSettings(AddonSettings):
    """Of an add-on whose chart can describe its metrics to a Prometheus operator."""

    service_monitors: bool = Field(
        default=False,
        description="Makes ServiceMonitors (or PodMonitors), for a Prometheus operator that you run; needs the add-on "
        "prometheus-operator-crds.",
    )


MONITORS = "prometheus-operator-crds"
"""The add-on that defines ServiceMonitor and PodMonitor."""
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
    highly_available: bool = False
    """Whether what a plane can do without for a minute runs more than once too: where `protection` is on."""

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
    """Add-ons that must be enabled too, and ready before this one."""
    may_depend_on: ClassVar[Mapping[str, str]] = {}
    """Add-ons that only some settings need: with which settings, in words. `dependencies` decides."""
    excludes: ClassVar[tuple[str, ...]] = ()
    """Add-ons that do the same work in another way; one environment has one of them."""
    Settings: ClassVar[type[AddonSettings]] = AddonSettings

    def dependencies(self, settings: SettingsT) -> tuple[str, ...]:
        """Every add-on that must be ready before this one, as it is configured."""
        monitored = isinstance(settings, MonitoredSettings) and settings.service_monitors
        return (*self.depends_on, *((MONITORS,) if monitored else ()))

    def values(self, plane: Plane, settings: SettingsT) -> Mapping[str, Any]:
        """Helm values: only what differs from the chart's defaults."""
        return {}

    def manifests(self, plane: Plane, settings: SettingsT) -> Sequence[Manifest]:
        """Kubernetes objects that no chart makes."""
        return ()

    def resources(self, scope: Construct, plane: Plane, settings: SettingsT) -> None:
        """AWS resources the add-on needs; the chart waits for them."""
