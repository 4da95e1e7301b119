"""EKS clusters, each with a Kubernetes API of its own, and what lives in a cluster."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.journal import now
from rehearsal.cloudformation.providers.base import Made, Provider, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.providers.leftovers import Leftover, leftovers
from rehearsal.cloudformation.resource import Resource
from rehearsal.place import Place

DEFAULT_VERSION = "1.35"
MEMBERS = ("AccessEntry", "Addon", "Capability", "FargateProfile", "Nodegroup", "PodIdentityAssociation")
ASSOCIATION = "AWS::EKS::PodIdentityAssociation"


class KubernetesApi(Protocol):
    """The Kubernetes API that stands behind a cluster."""

    @property
    def url(self) -> str: ...

    @property
    def certificate_authority(self) -> str: ...

    @property
    def token(self) -> str:
        """A bearer token of an administrator."""
        ...

    def objects(self) -> list[dict[str, Any]]: ...

    def upgrade(self, version: str) -> None: ...

    def put_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        """Hear of a member of the cluster that is new or has changed."""
        ...

    def remove_member(self, kind: str, properties: Mapping[str, Any]) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Cluster:
    """A live cluster."""

    name: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    api: KubernetesApi
    created: str


class Clusters:
    """AWS::EKS::Cluster."""

    def __init__(self, place: Place, identity: Identity, start: Callable[[str, str], KubernetesApi]) -> None:
        self._place, self._identity, self._start = place, identity, start
        self._lock = threading.Lock()
        self.live: dict[str, Cluster] = {}
        self.node_groups: dict[str, set[str]] = {}
        self.leftovers: list[Leftover] = []

    def create(self, request: Request) -> Made:
        made = self._identity.make(request)
        name = made.physical_id
        api = self._start(name, version_of(request.properties))
        issuer = f"https://oidc.eks.{self._place.region}.{self._place.url_suffix}/id/{request.token[:32].upper()}"
        attributes = {
            "Arn": self._place.arn("eks", f"cluster/{name}"),
            "CertificateAuthorityData": api.certificate_authority,
            "CertificateAuthority.Data": api.certificate_authority,
            "ClusterSecurityGroupId": f"sg-{request.token[20:37]}",
            "EncryptionConfigKeyArn": encryption_key(request.properties),
            "Endpoint": api.url,
            "Id": made.attributes.get("Id", name),
            "OpenIdConnectIssuerUrl": issuer,
        }
        with self._lock:
            self.live[name] = Cluster(name, request.properties, attributes, api, now())
            self.node_groups[name] = set()
        return Made(name, attributes)

    def update(self, request: Request, current: Resource) -> Made:
        cluster = self.get(current.physical_id)
        old, new = version_of(cluster.properties), version_of(request.properties)
        if old != new:
            refuse_version_step(old, new)
            cluster.api.upgrade(new)
        cluster.properties = request.properties
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        cluster = self.live.get(current.physical_id)
        if cluster is None:
            return
        if str(cluster.properties.get("DeletionProtection")).lower() == "true":
            raise ResourceFailure(
                f"Cluster deletion protection is enabled for {cluster.name}: disable it and delete the cluster again."
            )
        if groups := sorted(self.node_groups[cluster.name]):
            raise ResourceFailure(f"Cluster has nodegroups attached: {', '.join(groups)}")
        self.leftovers += leftovers(cluster.name, cluster.properties, cluster.api.objects())
        with self._lock:
            del self.live[cluster.name]
        cluster.api.stop()

    def get(self, name: str) -> Cluster:
        if name not in self.live:
            raise ResourceFailure(f"No cluster found for name: {name}.")
        return self.live[name]

    def close(self) -> None:
        for cluster in self.live.values():
            cluster.api.stop()


class Members:
    """Types that belong to a cluster: it must exist, and node groups keep it from being deleted."""

    def __init__(self, identity: Identity, clusters: Clusters) -> None:
        self._identity, self._clusters = identity, clusters
        self._associations: dict[str, tuple[str, ...]] = {}

    def create(self, request: Request) -> Made:
        name = str(request.properties["ClusterName"])
        cluster = self._clusters.get(name)
        made = self._identity.make(request)
        cluster.api.put_member(*member(request.type, request.properties, made.physical_id))
        if request.type == "AWS::EKS::Nodegroup":
            self._clusters.node_groups[name].add(made.physical_id)
        if request.type == ASSOCIATION:
            subject = tuple(str(request.properties[key]) for key in ("ClusterName", "Namespace", "ServiceAccount"))
            if subject in self._associations.values():
                raise ResourceFailure(f"Association already exists: {'/'.join(subject)}")
            self._associations[made.physical_id] = subject
        return made

    def update(self, request: Request, current: Resource) -> Made:
        cluster = self._clusters.get(str(request.properties["ClusterName"]))
        cluster.api.put_member(*member(request.type, request.properties, current.physical_id))
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        name = str(current.properties["ClusterName"])
        if cluster := self._clusters.live.get(name):
            cluster.api.remove_member(*member(current.type, current.properties, current.physical_id))
        self._clusters.node_groups.get(name, set()).discard(current.physical_id)
        self._associations.pop(current.physical_id, None)


def member(type: str, properties: Mapping[str, Any], physical_id: str) -> tuple[str, Mapping[str, Any]]:
    """A member's kind and properties; a node group that the template leaves unnamed has its name."""
    kind = type.rpartition("::")[2]
    if kind == "Nodegroup":
        return kind, {**properties, "NodegroupName": physical_id.rpartition("/")[2]}
    return kind, properties


def providers(identity: Identity, clusters: Clusters) -> dict[str, Provider]:
    """The providers of the EKS types."""
    members = Members(identity, clusters)
    return {"AWS::EKS::Cluster": clusters, **{f"AWS::EKS::{kind}": members for kind in MEMBERS}}


def version_of(properties: Mapping[str, Any]) -> str:
    return str(properties.get("Version", DEFAULT_VERSION))


def encryption_key(properties: Mapping[str, Any]) -> str:
    configuration = properties.get("EncryptionConfig") or [{}]
    return str(configuration[0].get("Provider", {}).get("KeyArn", ""))


def refuse_version_step(old: str, new: str) -> None:
    """EKS upgrades one minor version at a time and takes no step back here."""
    before, after = (int(version.split(".")[1]) for version in (old, new))
    if after != before + 1:
        raise ResourceFailure(f"Unsupported Kubernetes minor version update from {old} to {new}")
