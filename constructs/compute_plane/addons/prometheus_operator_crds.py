"""The definitions of ServiceMonitor, PodMonitor and their like, for a Prometheus operator that you run."""

from collections.abc import Mapping
from typing import Any

from compute_plane.addons.base import MONITORS, Addon, AddonSettings, Plane


class PrometheusOperatorCrds(Addon[AddonSettings]):
    name = MONITORS
    namespace = "kube-system"
    chart = "prometheus-operator-crds"

    def values(self, plane: Plane, settings: AddonSettings) -> Mapping[str, Any]:
        # Uninstalled, the chart would take its definitions with it, and with them every team's monitors and rules.
        return {"crds": {"annotations": {"helm.sh/resource-policy": "keep"}}}
