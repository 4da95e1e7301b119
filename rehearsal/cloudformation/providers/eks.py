"""EKS clusters, each with a Kubernetes API of its own, and what lives in a cluster."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.journal import now
from rehearsal.cloudformation.providers.base import Made, Provider, Request
from rehearsal.cloudformation.providers.identity import Identity
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

    def objects(self) -> list[dict[str, Any]]: ...

    def upgrade(self, version: str) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Cluster:
    """A live cluster."""

    name: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    api: KubernetesApi
    created: str


@dataclass(frozen=True)
class Leftover:
    """A Kubernetes object whose AWS side outlives its cluster, in the cluster's subnets."""

    kind: str
    namespace: str
    name: str
    cluster: str
    subnets: frozenset[str]


class Clusters:
    """AWS::EKS::Cluster."""

    def __init__(self, place: Place, identity: Identity, start: Callable[[str], KubernetesApi]) -> None:
        self._place, self._identity, self._start = place, identity, start
        self._lock = threading.Lock()
        self.live: dict[str, Cluster] = {}
        self.node_groups: dict[str, set[str]] = {}
        self.leftovers: list[Leftover] = []

    def create(self, request: Request) -> Made:
        made = self._identity.make(request)
        name = made.physical_id
        api = self._start(version_of(request.properties))
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
        self.leftovers += leftovers(cluster)
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
        self._clusters.get(name)
        made = self._identity.make(request)
        if request.type == "AWS::EKS::Nodegroup":
            self._clusters.node_groups[name].add(made.physical_id)
        if request.type == ASSOCIATION:
            subject = tuple(str(request.properties[key]) for key in ("ClusterName", "Namespace", "ServiceAccount"))
            if subject in self._associations.values():
                raise ResourceFailure(f"Association already exists: {'/'.join(subject)}")
            self._associations[made.physical_id] = subject
        return made

    def update(self, request: Request, current: Resource) -> Made:
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        self._clusters.node_groups.get(str(current.properties["ClusterName"]), set()).discard(current.physical_id)
        self._associations.pop(current.physical_id, None)


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


def leftovers(cluster: Cluster) -> list[Leftover]:
    """What the controllers in the cluster made in AWS and nobody cleans up once the cluster is gone."""
    subnets = frozenset(map(str, cluster.properties.get("ResourcesVpcConfig", {}).get("SubnetIds", [])))
    found: list[Leftover] = []
    for one in cluster.api.objects():
        metadata = one.get("metadata", {})
        if has_aws_side(one):
            namespace, name = metadata.get("namespace", ""), metadata.get("name", "")
            found.append(Leftover(one["kind"], namespace, name, cluster.name, subnets))
    return found


def has_aws_side(one: Mapping[str, Any]) -> bool:
    """A load balancer, an instance or a volume of its own."""
    match one.get("kind"):
        case "Service":
            return one.get("spec", {}).get("type") == "LoadBalancer"
        case "PersistentVolumeClaim":
            return one.get("status", {}).get("phase") == "Bound"
        case kind:
            return kind in ("Ingress", "NodeClaim")
