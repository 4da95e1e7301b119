"""Clusters run a Kubernetes API, and hold on to what depends on them."""

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Request
from rehearsal.cloudformation.providers.ec2 import Subnets
from rehearsal.cloudformation.providers.eks import Clusters, Members
from rehearsal.cloudformation.providers.generic import Generic
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource
from rehearsal.place import Place


class Kubernetes:
    """A Kubernetes API that remembers what was done to it."""

    url = "https://127.0.0.1:1"
    certificate_authority = "Y2E="
    token = "token"

    def __init__(self, version: str) -> None:
        self.versions = [version]
        self.members: list[tuple[str, Mapping[str, Any]]] = []
        self.content: list[dict[str, Any]] = []
        self.stopped = False

    def objects(self) -> list[dict[str, Any]]:
        return self.content

    def upgrade(self, version: str) -> None:
        self.versions.append(version)

    def put_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        self.members.append((kind, properties))

    def remove_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        self.members.remove((kind, properties))

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def started() -> list[Kubernetes]:
    return []


@pytest.fixture
def clusters(place: Place, identity: Identity, started: list[Kubernetes]) -> Clusters:
    def start(name: str, version: str) -> Kubernetes:
        started.append(Kubernetes(version))
        return started[-1]

    return Clusters(place, identity, start)


def request_of(kind: str, token: str = "ab" * 32, **properties: Any) -> Request:
    return Request("stack-id", "Plane", kind, f"AWS::EKS::{kind}", properties, token)


def cluster_request(**properties: Any) -> Request:
    network = {"SubnetIds": ["subnet-1", "subnet-2"]}
    return request_of("Cluster", Name="plane", RoleArn="role", ResourcesVpcConfig=network, Version="1.34", **properties)


def made(request: Request, clusters: Clusters) -> Resource:
    one = clusters.create(request)
    return Resource("Cluster", request.type, one.physical_id, request.properties, one.attributes)


def test_a_cluster_shows_its_api_and_an_issuer(clusters: Clusters, started: list[Kubernetes]) -> None:
    cluster = made(cluster_request(), clusters)

    assert started[0].versions == ["1.34"]
    assert cluster.attributes["Endpoint"] == "https://127.0.0.1:1"
    assert cluster.attributes["Arn"] == "arn:aws:eks:eu-west-1:123456789012:cluster/plane"
    assert cluster.attributes["OpenIdConnectIssuerUrl"].startswith("https://oidc.eks.eu-west-1.amazonaws.com/id/AB")


@pytest.mark.parametrize(("version", "versions"), [("1.35", ["1.34", "1.35"]), ("1.34", ["1.34"])])
def test_a_minor_version_step_upgrades_the_api(
    version: str, versions: list[str], clusters: Clusters, started: list[Kubernetes]
) -> None:
    cluster = made(cluster_request(), clusters)

    clusters.update(request_of("Cluster", **{**cluster.properties, "Version": version}), cluster)

    assert started[0].versions == versions


@pytest.mark.parametrize("version", ["1.36", "1.33"])
def test_other_version_steps_are_refused(version: str, clusters: Clusters) -> None:
    cluster = made(cluster_request(), clusters)

    with pytest.raises(ResourceFailure, match=f"Unsupported Kubernetes minor version update from 1.34 to {version}"):
        clusters.update(request_of("Cluster", **{**cluster.properties, "Version": version}), cluster)


def test_a_protected_cluster_refuses_deletion_until_an_update_frees_it(clusters: Clusters) -> None:
    cluster = made(cluster_request(DeletionProtection=True), clusters)

    with pytest.raises(ResourceFailure, match="Cluster deletion protection is enabled"):
        clusters.delete(cluster_request(), cluster)
    clusters.update(cluster_request(), cluster)
    clusters.delete(cluster_request(), cluster)

    assert clusters.live == {}


def test_a_cluster_with_node_groups_cannot_go(clusters: Clusters, identity: Identity) -> None:
    cluster = made(cluster_request(), clusters)
    members = Members(identity, clusters)
    request = request_of("Nodegroup", ClusterName="plane", NodegroupName="system")
    group = members.create(request)

    with pytest.raises(ResourceFailure, match="Cluster has nodegroups attached: plane/system"):
        clusters.delete(cluster_request(), cluster)
    resource = Resource("Group", request.type, group.physical_id, request.properties, {})
    members.delete(request, resource)
    clusters.delete(cluster_request(), cluster)

    assert clusters.live == {}


def test_the_api_hears_of_members_that_come_change_and_go(
    clusters: Clusters, identity: Identity, started: list[Kubernetes]
) -> None:
    made(cluster_request(), clusters)
    members = Members(identity, clusters)
    request = request_of("Nodegroup", ClusterName="plane", ScalingConfig={"DesiredSize": 2})

    group = members.create(request)
    heard = [*started[0].members]
    resource = Resource("Group", request.type, group.physical_id, request.properties, {})
    members.delete(request, resource)

    [(kind, properties)] = heard
    assert (kind, properties["ScalingConfig"]) == ("Nodegroup", {"DesiredSize": 2})
    assert f"plane/{properties['NodegroupName']}" == group.physical_id
    assert started[0].members == []


def test_members_need_their_cluster(clusters: Clusters, identity: Identity) -> None:
    members = Members(identity, clusters)

    with pytest.raises(ResourceFailure, match="No cluster found for name: nowhere"):
        members.create(request_of("Addon", ClusterName="nowhere", AddonName="coredns"))


def test_a_service_account_has_one_association(clusters: Clusters, identity: Identity) -> None:
    made(cluster_request(), clusters)
    members = Members(identity, clusters)
    subject = {"ClusterName": "plane", "Namespace": "kube-system", "ServiceAccount": "karpenter", "RoleArn": "r"}
    members.create(request_of("PodIdentityAssociation", **subject))

    with pytest.raises(ResourceFailure, match="Association already exists: plane/kube-system/karpenter"):
        members.create(request_of("PodIdentityAssociation", "cd" * 32, **subject))


def test_what_a_dead_cluster_left_behind_holds_its_subnets(
    clusters: Clusters, started: list[Kubernetes], identity: Identity
) -> None:
    cluster = made(cluster_request(), clusters)
    in_default = {"namespace": "default"}
    started[0].content += [
        {"kind": "Service", "metadata": {"name": "web", **in_default}, "spec": {"type": "LoadBalancer"}},
        {"kind": "Service", "metadata": {"name": "inner", **in_default}, "spec": {"type": "ClusterIP"}},
        {"kind": "Ingress", "metadata": {"name": "site", **in_default}},
        {"kind": "NodeClaim", "metadata": {"name": "node-1"}},
        {"kind": "PersistentVolumeClaim", "metadata": {"name": "bound", **in_default}, "status": {"phase": "Bound"}},
        {"kind": "PersistentVolumeClaim", "metadata": {"name": "waits", **in_default}, "status": {"phase": "Pending"}},
    ]
    subnets = Subnets(Generic(identity), clusters)
    request = Request("stack-id", "Plane", "Subnet", "AWS::EC2::Subnet", {}, "ab" * 32)

    clusters.delete(cluster_request(), cluster)

    held = Resource("Subnet", "AWS::EC2::Subnet", "subnet-1", {}, {})
    free = Resource("Subnet", "AWS::EC2::Subnet", "subnet-9", {}, {})
    assert started[0].stopped
    assert [one.name for one in clusters.leftovers] == ["web", "site", "node-1", "bound"]
    with pytest.raises(
        ResourceFailure, match=r"'subnet-1' has dependencies .* Service default/web, .*NodeClaim node-1"
    ):
        subnets.delete(request, held)
    subnets.delete(request, free)
