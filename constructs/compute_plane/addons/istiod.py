"""Istio's control plane; every connection inside the mesh is mutual TLS."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from compute_plane.addons.base import Addon, AddonSettings, Manifest, Plane
from compute_plane.addons.placement import CRITICAL, spread_over_zones, tolerations


class IstiodSettings(AddonSettings):
    """What the mesh asks of those who join it."""

    mutual_tls: Literal["STRICT", "PERMISSIVE"] = Field(
        default="STRICT",
        description="PERMISSIVE also takes plain text into the mesh, while workloads move there; a namespace or "
        "workload can differ by a PeerAuthentication of its own.",
    )


class Istiod(Addon[IstiodSettings]):
    name = "istiod"
    namespace = "istio-system"
    chart = "istiod"
    depends_on = ("istio-base",)
    Settings = IstiodSettings

    def values(self, plane: Plane, settings: IstiodSettings) -> Mapping[str, Any]:
        return {
            "autoscaleMin": 2,
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}},
            "global": {"logAsJson": True, "priorityClassName": CRITICAL},
            # A pod's own requests must not leave before its proxy is ready.
            "meshConfig": {"defaultConfig": {"holdApplicationUntilProxyStarts": True}},
            "tolerations": tolerations(),
            "topologySpreadConstraints": spread_over_zones({"app": "istiod"}),
        }

    def manifests(self, plane: Plane, settings: IstiodSettings) -> Sequence[Manifest]:
        policy = {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "default", "namespace": self.namespace},
            "spec": {"mtls": {"mode": settings.mutual_tls}},
        }
        return [Manifest("MutualTls", [policy])]
