"""Rolls workloads out step by step: canary and blue-green."""

from collections.abc import Mapping
from typing import Any

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, spread_over_zones, tolerations

# What this plane does not have: the controller needs no rights on their objects.
_ABSENT_PROVIDERS = ("smi", "ambassador", "awsAppMesh", "traefik", "apisix", "contour", "glooPlatform")


class ArgoRollouts(Addon[MonitoredSettings]):
    name = "argo-rollouts"
    namespace = "argo-rollouts"
    chart = "argo-rollouts"
    service_account = "argo-rollouts"
    Settings = MonitoredSettings

    def values(self, plane: Plane, settings: MonitoredSettings) -> Mapping[str, Any]:
        monitored = {"metrics": {"enabled": True, "serviceMonitor": {"enabled": True}}}
        return {
            "controller": {
                "pdb": {"enabled": True, "maxUnavailable": 1},
                "resources": resources("100m", "128Mi", limit="512Mi"),
                "tolerations": tolerations(),
                "topologySpreadConstraints": spread_over_zones({"app.kubernetes.io/name": "argo-rollouts"}),
                **(monitored if settings.service_monitors else {}),
            },
            "providerRBAC": {"providers": dict.fromkeys(_ABSENT_PROVIDERS, False)},
        }
