"""What the API server itself holds objects to, and what it is told to refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.kubernetes.client import ApiRefusal, Client, Object
from rehearsal.kubernetes.control_plane import ControlPlane
from rehearsal.kubernetes.programs import Programs

Eventually = Callable[[Callable[[], Any]], Any]
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def test_it_is_the_version_that_the_modules_pin(client: Client, programs: Programs) -> None:
    assert client.get("/version")["gitVersion"] == f"v{programs.version()}"


def test_it_is_no_other_version(plane: ControlPlane, programs: Programs, tmp_path: Any) -> None:
    with pytest.raises(ResourceFailure, match=r"is Kubernetes 1\.35\.\d+; old wants 1\.34"):
        ControlPlane("old", "1.34", programs=programs, folder=tmp_path, region="r", zones=lambda subnets: [])
    with pytest.raises(ResourceFailure, match=r"it cannot be 1\.36"):
        plane.upgrade("1.36")


def test_it_was_ready_in_time(plane: ControlPlane) -> None:
    assert 0 < plane.facts.ready_seconds < 30
    assert set(plane.facts.peak_mib) == {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}


def test_a_new_cluster_has_what_eks_gives_it(client: Client) -> None:
    storage_class = client.get("/apis/storage.k8s.io/v1/storageclasses/gp2")

    assert storage_class["provisioner"] == "kubernetes.io/aws-ebs"


def test_a_kind_without_a_definition_does_not_exist(client: Client) -> None:
    with pytest.raises(ApiRefusal) as refusal:
        client.create(
            "/apis/monitoring.coreos.com/v1/namespaces/default/servicemonitors", {"metadata": {"name": "one"}}
        )

    assert refusal.value.code == 404


def test_cel_rules_of_a_definition_are_enforced(
    client: Client, eventually: Eventually, definition: Callable[..., Object]
) -> None:
    queue = definition("rehearsal.test", "v1", "Queue", "queues")
    rule = {"rule": "self.min <= self.max", "message": "min must not exceed max"}
    number = {"type": "integer"}
    spec = {"type": "object", "properties": {"min": number, "max": number}, "x-kubernetes-validations": [rule]}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    queue["spec"]["versions"][0]["schema"] = schema
    client.create(DEFINITIONS, queue)
    path = "/apis/rehearsal.test/v1/queues"
    eventually(lambda: client.found(path))

    def make(name: str, low: int, high: int) -> Object:
        content = {"metadata": {"name": name}, "spec": {"min": low, "max": high}}
        return client.create(path, {"apiVersion": "rehearsal.test/v1", "kind": "Queue", **content})

    assert make("good", 1, 2)
    with pytest.raises(ApiRefusal, match="min must not exceed max"):
        make("bad", 2, 1)


def test_what_is_refused_on_purpose_is_refused_until_all_is_accepted(
    plane: ControlPlane, client: Client, namespace: str
) -> None:
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"

    def deployment(name: str, image: str) -> Object:
        labels = {"app": name}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": image}]}}
        content = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": content}

    client.apply(f"{path}/old", deployment("old", "web:1"))
    for name in ("old", "new"):
        plane.refusals.add(kind="Deployment", name=name, message=f"{name} is refused on purpose")

    with pytest.raises(ApiRefusal, match="new is refused on purpose"):
        client.create(path, deployment("new", "web:1"))
    with pytest.raises(ApiRefusal, match="old is refused on purpose"):
        client.apply(f"{path}/old", deployment("old", "web:2"))
    unchanged = client.apply(f"{path}/old", deployment("old", "web:1"))
    other = client.create(path, deployment("other", "web:1"))
    plane.refusals.clear()
    accepted = client.create(path, deployment("new", "web:1"))

    assert [each["metadata"]["name"] for each in (unchanged, other, accepted)] == ["old", "other", "new"]


def test_everything_is_listed_once_with_its_kind(plane: ControlPlane, namespace: str) -> None:
    objects = plane.objects()
    identities = [
        (one["apiVersion"].partition("/")[0], one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"])
        for one in objects
    ]

    assert len(identities) == len(set(identities))
    assert ("v1", "Namespace", None, namespace) in identities
    assert ("v1", "ConfigMap", namespace, "kube-root-ca.crt") in identities
    assert ("rbac.authorization.k8s.io", "ClusterRole", None, "cluster-admin") in identities
    assert not [kind for _, kind, _, _ in identities if kind == "Event"]


def test_a_pod_that_misses_its_secret_is_reported(plane: ControlPlane, client: Client, namespace: str) -> None:
    volume = {"name": "tls", "secret": {"secretName": "nobodys"}}
    spec = {"containers": [{"name": "main", "image": "web"}], "volumes": [volume]}
    client.create(f"/api/v1/namespaces/{namespace}/pods", {"metadata": {"name": "web"}, "spec": spec})

    assert f"{namespace}/web names Secret nobodys (volume tls), and nobody makes it" in plane.missing()
