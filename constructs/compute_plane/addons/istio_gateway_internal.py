"""An Istio ingress gateway that networks of yours reach, on an internal Network Load Balancer."""

from collections.abc import Mapping, Sequence
from typing import Any

from compute_plane.addons.base import Addon, Manifest, Plane
from compute_plane.addons.istio_gateways import (
    CHART,
    DEPENDS_ON,
    NAMESPACE,
    IstioGatewaySettings,
    gateway_manifests,
    gateway_values,
)


class IstioGatewayInternal(Addon[IstioGatewaySettings]):
    name = "istio-gateway-internal"
    namespace = NAMESPACE
    chart = CHART
    depends_on = DEPENDS_ON
    Settings = IstioGatewaySettings

    def values(self, plane: Plane, settings: IstioGatewaySettings) -> Mapping[str, Any]:
        return gateway_values(self.name, "internal", settings)

    def manifests(self, plane: Plane, settings: IstioGatewaySettings) -> Sequence[Manifest]:
        return gateway_manifests(self.name, settings)
