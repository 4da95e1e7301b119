"""Istio's gateways: their load balancers, who ends TLS, and what they answer for."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]
Objects = Callable[[Template], list[Raw]]

ISTIO = {"aws-load-balancer-controller": {}, "istio-base": {}, "istiod": {}}
GATEWAYS = {"istio-gateway-external": "internet-facing", "istio-gateway-internal": "internal"}
CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef"
LOAD_BALANCER = "service.beta.kubernetes.io/aws-load-balancer-"
DOMAINS = ["*.apps.example.com", "example.org"]


@pytest.fixture
def gateway(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Addons stack with one gateway, or with both."""

    def synthesized(**settings: Any) -> Template:
        given = {name.replace("_", "-"): each for name, each in settings.items()}
        return templates(configuration | {"addons": {**ISTIO, **given}})["Addons"]

    return synthesized


def test_two_gateways_stand_side_by_side_and_differ_in_who_reaches_them(
    gateway: Callable[..., Template], releases_in: Releases
) -> None:
    releases = releases_in(gateway(istio_gateway_external={}, istio_gateway_internal={}))

    found = {name: releases[name] for name in GATEWAYS}
    schemes = {name: each["Values"]["service"]["annotations"][f"{LOAD_BALANCER}scheme"] for name, each in found.items()}
    assert schemes == GATEWAYS
    assert {name: each["Values"]["labels"] for name, each in found.items()} == {name: {"istio": name} for name in found}
    assert len({each["Values"]["name"] for each in found.values()}) == 2


def test_a_gateway_without_a_certificate_listens_on_port_80_of_a_network_load_balancer(
    gateway: Callable[..., Template], releases_in: Releases, objects_in: Objects
) -> None:
    template = gateway(istio_gateway_internal={"domains": DOMAINS})

    service = releases_in(template)["istio-gateway-internal"]["Values"]["service"]
    assert service["annotations"][f"{LOAD_BALANCER}type"] == "external"
    assert service["annotations"][f"{LOAD_BALANCER}nlb-target-type"] == "ip"
    assert f"{LOAD_BALANCER}ssl-cert" not in service["annotations"]
    assert [port["port"] for port in service["ports"]] == [80]
    [server] = the_gateway(objects_in(template))["spec"]["servers"]
    assert (server["port"]["number"], server["hosts"]) == (80, DOMAINS)
    assert "tls" not in server


def test_with_a_certificate_of_acm_the_load_balancer_ends_tls_and_plain_http_is_redirected(
    gateway: Callable[..., Template], releases_in: Releases, objects_in: Objects
) -> None:
    template = gateway(istio_gateway_internal={"certificate_arn": CERTIFICATE, "domains": DOMAINS})

    service = releases_in(template)["istio-gateway-internal"]["Values"]["service"]
    assert service["annotations"][f"{LOAD_BALANCER}ssl-cert"] == CERTIFICATE
    assert service["annotations"][f"{LOAD_BALANCER}ssl-ports"] == "https"
    assert {"name": "https", "port": 443, "targetPort": 8443} in service["ports"]
    plain, tls = the_gateway(objects_in(template))["spec"]["servers"]
    assert plain["tls"] == {"httpsRedirect": True}
    assert (tls["port"]["number"], tls["port"]["protocol"]) == (443, "HTTP")
    assert "tls" not in tls
    assert plain["hosts"] == tls["hosts"] == DOMAINS


def test_with_a_certificate_in_a_secret_the_gateway_itself_ends_tls(
    gateway: Callable[..., Template], releases_in: Releases, objects_in: Objects
) -> None:
    template = gateway(istio_gateway_external={"certificate_secret": "apps", "domains": DOMAINS})

    service = releases_in(template)["istio-gateway-external"]["Values"]["service"]
    assert not [key for key in service["annotations"] if "ssl" in key]
    assert {"name": "https", "port": 443, "targetPort": 8443} in service["ports"]
    plain, tls = the_gateway(objects_in(template))["spec"]["servers"]
    assert plain["tls"] == {"httpsRedirect": True}
    assert tls["port"]["protocol"] == "HTTPS"
    assert tls["tls"] == {"mode": "SIMPLE", "credentialName": "apps", "minProtocolVersion": "TLSV1_2"}


def the_gateway(objects: list[Raw]) -> Raw:
    """The one Gateway object; it lies beside its pods and selects them."""
    [found] = [each for each in objects if each["kind"] == "Gateway"]
    assert found["metadata"]["namespace"] == "istio-ingress"
    assert found["spec"]["selector"] == {"istio": found["metadata"]["name"]}
    return found
