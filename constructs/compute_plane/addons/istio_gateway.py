"""An Istio ingress gateway on a Network Load Balancer, with TLS ended by the load balancer."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from compute_plane.addons.base import Addon, AddonSettings, Manifest, Plane

_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-"
Domain = Annotated[str, Field(pattern=r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")]


class IstioGatewaySettings(AddonSettings):
    """Where the gateway listens."""

    scheme: Literal["internal", "internet-facing"] = Field(default="internal")
    certificate_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$",
        description="ACM certificate of the same region; without one the gateway speaks plain HTTP on port 80.",
    )
    domains: list[Domain] = Field(
        default=[], description='Host names it answers for, for example "*.apps.example.com".'
    )


class IstioGateway(Addon[IstioGatewaySettings]):
    name = "istio-gateway"
    namespace = "istio-ingress"
    chart = "istio-gateway"
    depends_on = ("aws-load-balancer-controller", "istiod")
    Settings = IstioGatewaySettings

    def values(self, plane: Plane, settings: IstioGatewaySettings) -> Mapping[str, Any]:
        annotations = {
            "type": "external",
            "nlb-target-type": "ip",
            "scheme": settings.scheme,
            "healthcheck-port": "15021",
            "healthcheck-path": "/healthz/ready",
            "healthcheck-protocol": "http",
        }
        ports = [
            {"name": "http2", "port": 80, "targetPort": 80},
        ]
        if settings.certificate_arn:
            annotations |= {
                "ssl-cert": settings.certificate_arn,
                "ssl-ports": "https",
                "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            }
            # TLS ends at the load balancer, so its port 443 leads to a port on which Envoy speaks plain HTTP.
            ports.append({"name": "https", "port": 443, "targetPort": 8443})
        return {
            "name": self.name,
            "labels": {"istio": self.name},
            "service": {
                "annotations": {_ANNOTATION + key: value for key, value in annotations.items()},
                "ports": ports,
            },
            "autoscaling": {"minReplicas": 2},
            "podDisruptionBudget": {"minAvailable": 1},
        }

    def manifests(self, plane: Plane, settings: IstioGatewaySettings) -> Sequence[Manifest]:
        if not settings.domains:
            return ()
        plain: dict[str, Any] = {
            "port": {"number": 80, "name": "http", "protocol": "HTTP"},
            "hosts": settings.domains,
        }
        servers = [plain]
        if settings.certificate_arn:
            plain["tls"] = {"httpsRedirect": True}
            servers.append({"port": {"number": 443, "name": "https", "protocol": "HTTP"}, "hosts": settings.domains})
        gateway = {
            "apiVersion": "networking.istio.io/v1",
            "kind": "Gateway",
            "metadata": {"name": self.name, "namespace": self.namespace},
            "spec": {"selector": {"istio": self.name}, "servers": servers},
        }
        return [Manifest("Gateway", [gateway])]
