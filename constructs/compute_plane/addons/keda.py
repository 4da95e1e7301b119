"""Scales workloads by events: queues, metrics, schedules."""

from collections.abc import Mapping
from typing import Any

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import CRITICAL, spread_over_zones, tolerations

# How the chart names its three parts among its values, and their pods' `app` label.
_PARTS = {
    "operator": "keda-operator",
    "metricsServer": "keda-operator-metrics-apiserver",
    "webhooks": "keda-admission-webhooks",
}


class Keda(Addon[MonitoredSettings]):
    name = "keda"
    namespace = "keda"
    chart = "keda"
    service_account = "keda-operator"
    Settings = MonitoredSettings

    def values(self, plane: Plane, settings: MonitoredSettings) -> Mapping[str, Any]:
        values: dict[str, Any] = {
            "clusterName": plane.cluster_name,
            # Uninstalled, the chart would take its definitions with it, and with them every ScaledObject.
            "crds": {"additionalAnnotations": {"helm.sh/resource-policy": "keep"}},
            # Versions are exact; a registry that cannot be reached must not keep a pod from starting again.
            "image": {"pullPolicy": "IfNotPresent"},
            "priorityClassName": CRITICAL,
            "tolerations": tolerations(),
            "topologySpreadConstraints": {part: spread_over_zones({"app": app}) for part, app in _PARTS.items()},
            "podDisruptionBudget": {part: {"maxUnavailable": 1} for part in ("operator", "metricServer", "webhooks")},
            **{part: {"replicaCount": 2} for part in _PARTS},
        }
        if settings.service_monitors:
            monitored = {"enabled": True, "serviceMonitor": {"enabled": True}}
            values["prometheus"] = {part: monitored for part in ("operator", "metricServer", "webhooks")}
        return values
