"""What Istio's two ingress gateways share: a Network Load Balancer, TLS before or in Envoy, the Gateway object."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from compute_plane.addons.base import AddonSettings, Manifest
from compute_plane.addons.placement import CRITICAL, spread_over_zones, tolerations
from compute_plane.config.kubernetes_types import Name

NAMESPACE = "istio-ingress"
CHART = "istio-gateway"
DEPENDS_ON = ("aws-load-balancer-controller", "istiod")
_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-"
HostName = Annotated[str, Field(pattern=r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")]
Scheme = Literal["internal", "internet-facing"]


class IstioGatewaySettings(AddonSettings):
    """What the gateway answers for, and who ends TLS. Without a certificate it speaks plain HTTP on port 80."""

    certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$",
        description="ACM certificate of the same region: the load balancer ends TLS with it.",
    )
    certificate_secret: Name | None = Field(
        default=None,
        description=f"Secret of type kubernetes.io/tls in the namespace {NAMESPACE}: the gateway itself ends TLS with "
        "it; it may be made later, by cert-manager for example.",
    )
    domains: list[HostName] = Field(
        default=[], description='Host names it answers for, for example "*.apps.example.com".'
    )


def gateway_values(name: str, scheme: Scheme, settings: IstioGatewaySettings) -> Mapping[str, Any]:
    """The chart's values of one gateway."""
    annotations = {
        "type": "external",
        "nlb-target-type": "ip",
        "scheme": scheme,
        "healthcheck-port": "15021",
        "healthcheck-path": "/healthz/ready",
        "healthcheck-protocol": "http",
    }
    ports: list[dict[str, Any]] = [{"name": "http2", "port": 80, "targetPort": 80}]
    if settings.certificate_arn:
        annotations |= {
            "ssl-cert": settings.certificate_arn,
            "ssl-ports": "https",
            "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        }
    if settings.certificate_arn or settings.certificate_secret:
        # Where TLS ends at the load balancer, its port 443 leads to a port on which Envoy speaks plain HTTP.
        ports.append({"name": "https", "port": 443, "targetPort": 8443})
    return {
        "name": name,
        "labels": {"istio": name},
        "service": {"annotations": {_ANNOTATION + key: value for key, value in annotations.items()}, "ports": ports},
        "autoscaling": {"minReplicas": 2},
        "podDisruptionBudget": {"minAvailable": 1},
        "priorityClassName": CRITICAL,
        "tolerations": tolerations(),
        "topologySpreadConstraints": spread_over_zones({"istio": name}),
    }


def gateway_manifests(name: str, settings: IstioGatewaySettings) -> Sequence[Manifest]:
    """The Gateway object of the configured domains: 443 serves them, 80 sends browsers there."""
    if not settings.domains:
        return ()
    plain: dict[str, Any] = {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": settings.domains}
    servers = [plain]
    if settings.certificate_arn or settings.certificate_secret:
        plain["tls"] = {"httpsRedirect": True}
        servers.append({"port": {"number": 443, "name": "https", "protocol": "HTTP"}, "hosts": settings.domains})
    if settings.certificate_secret:
        servers[1]["port"]["protocol"] = "HTTPS"
        servers[1]["tls"] = {
            "mode": "SIMPLE",
            "credentialName": settings.certificate_secret,
            "minProtocolVersion": "TLSV1_2",
        }
    gateway = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "Gateway",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {"selector": {"istio": name}, "servers": servers},
    }
    return [Manifest("Gateway", [gateway])]
