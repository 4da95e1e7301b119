"""Controllers, scheduler and kwok together: what is asked for comes to be, and what cannot come is not said to be."""

from collections.abc import Callable
from typing import Any

from rehearsal.kubernetes.client import Client, Object

Eventually = Callable[[Callable[[], Any]], Any]


def deployment(name: str, replicas: int = 1, image: str = "registry.test/web:1", **pod: Any) -> Object:
    labels = {"app": name}
    spec = {"containers": [{"name": "main", "image": image}], **pod}
    return {
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def test_a_deployment_becomes_available(client: Client, namespace: str, eventually: Eventually) -> None:
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    client.create(path, deployment("web", replicas=2))

    available = eventually(lambda: client.get(f"{path}/web")["status"].get("availableReplicas", 0) == 2)

    pods = client.listed(f"/api/v1/namespaces/{namespace}/pods")
    assert available
    assert {pod["spec"]["nodeName"] for pod in pods} <= {"bootstrap-1", "bootstrap-2"}
    assert all(pod["status"]["podIP"] for pod in pods)


def test_a_gateway_that_nobody_injected_never_starts(client: Client, namespace: str, eventually: Eventually) -> None:
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    client.create(path, deployment("gateway", image="auto"))
    client.create(path, deployment("web"))

    eventually(lambda: client.get(f"{path}/web")["status"].get("availableReplicas"))

    gateway = client.get(f"{path}/gateway")["status"]
    assert gateway["replicas"] == 1
    assert "availableReplicas" not in gateway


def test_a_pod_that_fits_on_no_node_waits_and_says_why(client: Client, namespace: str, eventually: Eventually) -> None:
    pods = f"/api/v1/namespaces/{namespace}/pods"
    container = {"name": "main", "image": "large", "resources": {"requests": {"cpu": "64"}}}
    client.create(pods, {"metadata": {"name": "large"}, "spec": {"containers": [container]}})

    conditions = eventually(lambda: client.get(f"{pods}/large")["status"].get("conditions"))

    assert conditions[0]["reason"] == "Unschedulable"
    assert "Insufficient cpu" in conditions[0]["message"]


def test_a_job_ends_well(client: Client, namespace: str, eventually: Eventually) -> None:
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    spec = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "job"}]}
    client.create(path, {"metadata": {"name": "migrate"}, "spec": {"template": {"spec": spec}}})

    assert eventually(lambda: client.get(f"{path}/migrate").get("status", {}).get("succeeded")) == 1


def test_a_load_balancer_gets_an_address_and_other_services_none(
    client: Client, namespace: str, eventually: Eventually
) -> None:
    path = f"/api/v1/namespaces/{namespace}/services"
    for name, kind in (("outer", "LoadBalancer"), ("inner", "ClusterIP")):
        spec = {"type": kind, "ports": [{"port": 80}], "selector": {"app": name}}
        client.create(path, {"metadata": {"name": name}, "spec": spec})

    addresses = eventually(lambda: client.get(f"{path}/outer")["status"]["loadBalancer"].get("ingress"))

    assert addresses == [{"hostname": f"k8s-{namespace}-outer.elb.rehearsal.invalid"}]
    assert client.get(f"{path}/inner")["status"]["loadBalancer"] == {}


def test_a_claim_is_bound_when_its_class_exists_and_a_pod_uses_it(
    client: Client, namespace: str, eventually: Eventually
) -> None:
    claims = f"/api/v1/namespaces/{namespace}/persistentvolumeclaims"
    classes = "/apis/storage.k8s.io/v1/storageclasses"
    storage_class = {"metadata": {"name": "gp3"}, "provisioner": "ebs.csi.aws.com"}
    client.create(classes, {**storage_class, "volumeBindingMode": "WaitForFirstConsumer"})
    size = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    for name in ("gp3", "missing"):
        client.create(claims, {"metadata": {"name": name}, "spec": {**size, "storageClassName": name}})
        volume = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
        client.create(path, deployment(name, volumes=[volume]))

    bound = eventually(lambda: client.get(f"{claims}/gp3")["status"]["phase"] == "Bound")
    eventually(
        lambda: client.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/gp3")["status"].get("readyReplicas")
    )

    assert bound
    assert client.get(f"{claims}/missing")["status"]["phase"] == "Pending"
    assert "readyReplicas" not in client.get(f"/apis/apps/v1/namespaces/{namespace}/deployments/missing")["status"]
    client.delete(f"{classes}/gp3")


def test_what_an_owner_made_goes_with_it(client: Client, namespace: str, eventually: Eventually) -> None:
    path, pods = f"/apis/apps/v1/namespaces/{namespace}/deployments", f"/api/v1/namespaces/{namespace}/pods"
    client.create(path, deployment("web"))
    assert eventually(lambda: client.listed(pods))

    client.delete(f"{path}/web")

    assert eventually(lambda: not client.listed(pods))
