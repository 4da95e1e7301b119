"""Webhooks and aggregated APIs are called, once a ready pod is behind them; a wrong order fails as it does on EKS."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rehearsal.kubernetes.client import ApiRefusal, Client, Object
from rehearsal.kubernetes.control_plane import ControlPlane

Eventually = Callable[[Callable[[], Any]], Any]
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
IMAGE_RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}


def server(name: str, image: str = "webhook") -> tuple[Object, Object]:
    """A Service and the Deployment behind it."""
    labels = {"app": name}
    spec = {"containers": [{"name": "main", "image": image, "ports": [{"containerPort": 8443}]}]}
    content = {"replicas": 1, "selector": {"matchLabels": labels}}
    deployment = {
        "metadata": {"name": name},
        "spec": {**content, "template": {"metadata": {"labels": labels}, "spec": spec}},
    }
    ports = [{"port": 443, "targetPort": 8443}]
    return {"metadata": {"name": name}, "spec": {"selector": labels, "ports": ports}}, deployment


@pytest.fixture
def injector(client: Client, namespace: str) -> Iterator[str]:
    """A Service that a webhook for pods of this namespace names, with nothing behind it; gives its name."""
    service, _ = server("istiod")
    client.create(f"/api/v1/namespaces/{namespace}/services", service)
    webhook = {
        "name": "injector.rehearsal.test",
        "clientConfig": {"service": {"name": "istiod", "namespace": namespace, "path": "/inject", "port": 443}},
        "rules": [IMAGE_RULE],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        # istiod's own pods are not its business.
        "objectSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["istiod"]}]},
        "failurePolicy": "Fail",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    client.create(WEBHOOKS, {"metadata": {"name": namespace}, "webhooks": [webhook]})
    yield "istiod"
    client.delete(f"{WEBHOOKS}/{namespace}")


def gateway(client: Client, namespace: str) -> Object:
    spec = {"containers": [{"name": "istio-proxy", "image": "auto"}]}
    return client.create(f"/api/v1/namespaces/{namespace}/pods", {"metadata": {"name": "gateway"}, "spec": spec})


def test_a_webhook_without_a_ready_pod_fails_with_the_words_that_eks_gives(
    client: Client, namespace: str, injector: str, eventually: Eventually
) -> None:
    def refusal() -> str:
        try:
            client.create(f"/api/v1/namespaces/{namespace}/pods?dryRun=All", probe)
        except ApiRefusal as refused:
            return refused.message
        return ""

    probe = {"metadata": {"name": "probe"}, "spec": {"containers": [{"name": "main", "image": "web"}]}}
    message = eventually(refusal)

    assert 'failed calling webhook "injector.rehearsal.test"' in message
    assert f'no endpoints available for service "{injector}"' in message


def test_once_its_pod_is_ready_the_injector_makes_a_gateway_start(
    plane: ControlPlane, client: Client, namespace: str, injector: str, eventually: Eventually
) -> None:
    def made() -> Object | None:
        try:
            return gateway(client, namespace)
        except ApiRefusal as refused:
            assert "no endpoints available" in refused.message
            return None

    client.create(f"/apis/apps/v1/namespaces/{namespace}/deployments", server(injector)[1])

    pod = eventually(made)
    path = f"/api/v1/namespaces/{namespace}/pods/gateway"

    assert pod["spec"]["containers"][0]["image"] == "istio/proxyv2"
    assert eventually(lambda: client.get(path)["status"]["phase"] == "Running")
    assert plane.facts.webhooks[f"{injector}.{namespace}.svc:443/inject"] >= 1


def test_a_certificate_that_the_chart_made_is_the_one_that_counts(
    client: Client, namespace: str, eventually: Eventually
) -> None:
    """With a CA in the webhook and its certificate in a Secret, as the load balancer controller's chart does."""
    import base64

    from rehearsal.kubernetes.authority import Authority

    authority = Authority("the chart's own")
    service, deployment = server("controller")
    client.create(f"/api/v1/namespaces/{namespace}/services", service)
    client.create(f"/apis/apps/v1/namespaces/{namespace}/deployments", deployment)
    encoded = base64.b64encode(authority.certificate).decode()
    webhook = {
        "name": "controller.rehearsal.test",
        "clientConfig": {
            "caBundle": encoded,
            "service": {"name": "controller", "namespace": namespace, "path": "/mutate"},
        },
        "rules": [{**IMAGE_RULE, "resources": ["configmaps"]}],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
    }
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments/controller"
    assert eventually(lambda: client.get(path)["status"].get("readyReplicas"))
    client.create(WEBHOOKS, {"metadata": {"name": namespace}, "webhooks": [webhook]})

    def answer() -> str:
        try:
            client.create(f"/api/v1/namespaces/{namespace}/configmaps?dryRun=All", {"metadata": {"name": "one"}})
        except ApiRefusal as refused:
            return refused.message
        return "accepted"

    without = eventually(lambda: said if "certificate" in (said := answer()) else "")
    pair = authority.issue(f"controller.{namespace}.svc")
    data = {"tls.crt": base64.b64encode(pair.certificate).decode(), "tls.key": base64.b64encode(pair.key).decode()}
    secret = {"metadata": {"name": "tls"}, "type": "kubernetes.io/tls", "data": data}
    client.create(f"/api/v1/namespaces/{namespace}/secrets", secret)
    accepted = eventually(lambda: answer() == "accepted")
    client.delete(f"{WEBHOOKS}/{namespace}")

    assert "signed by unknown authority" in without
    assert accepted


def test_an_aggregated_api_is_available_and_namespaces_can_go(
    client: Client, namespace: str, eventually: Eventually
) -> None:
    service, deployment = server("metrics")
    client.create(f"/api/v1/namespaces/{namespace}/services", service)
    name = "v1beta1.metrics.rehearsal.test"
    spec = {
        "group": "metrics.rehearsal.test",
        "version": "v1beta1",
        "service": {"name": "metrics", "namespace": namespace, "port": 443},
        "insecureSkipTLSVerify": True,
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    }
    client.create(API_SERVICES, {"metadata": {"name": name}, "spec": spec})

    def condition() -> dict[str, str]:
        conditions = client.get(f"{API_SERVICES}/{name}").get("status", {}).get("conditions", [])
        return conditions[0] if conditions else {}

    before = eventually(lambda: found if (found := condition()).get("reason") == "MissingEndpoints" else None)
    client.create(f"/apis/apps/v1/namespaces/{namespace}/deployments", deployment)
    available = eventually(lambda: condition().get("status") == "True")
    client.create("/api/v1/namespaces", {"metadata": {"name": "short-lived"}})
    client.delete("/api/v1/namespaces/short-lived")
    gone = eventually(lambda: client.found("/api/v1/namespaces/short-lived") is None)
    client.delete(f"{API_SERVICES}/{name}")

    assert before is not None
    assert before["status"] == "False"
    assert available
    assert gone
