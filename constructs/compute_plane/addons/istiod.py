"""Istio's control plane; every connection inside the mesh is mutual TLS."""

from collections.abc import Mapping, Sequence
from typing import Any

from compute_plane.addons.base import Addon, AddonSettings, Manifest, Plane


class Istiod(Addon[AddonSettings]):
    name = "istiod"
    namespace = "istio-system"
    chart = "istiod"
    depends_on = ("istio-base",)

    def values(self, plane: Plane, settings: AddonSettings) -> Mapping[str, Any]:
        return {
            "autoscaleMin": 2,
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}},
            "global": {"logAsJson": True},
            # A pod's own requests must not leave before its proxy is ready.
            "meshConfig": {"defaultConfig": {"holdApplicationUntilProxyStarts": True}},
        }

    def manifests(self, plane: Plane, settings: AddonSettings) -> Sequence[Manifest]:
        strict = {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "default", "namespace": self.namespace},
            "spec": {"mtls": {"mode": "STRICT"}},
        }
        return [Manifest("MutualTls", [strict])]
