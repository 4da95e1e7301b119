"""Answers what pods and nodes use, for `kubectl top` and for horizontal autoscaling."""

from collections.abc import Mapping
from typing import Any

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, spread_over_zones, tolerations


class MetricsServer(Addon[MonitoredSettings]):
    name = "metrics-server"
    namespace = "kube-system"
    chart = "metrics-server"
    service_account = "metrics-server"
    Settings = MonitoredSettings

    def values(self, plane: Plane, settings: MonitoredSettings) -> Mapping[str, Any]:
        monitored = {"metrics": {"enabled": True}, "serviceMonitor": {"enabled": True}}
        return {
            "replicas": 2,
            "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
            "resources": resources("100m", "200Mi", limit="500Mi"),
            "tolerations": tolerations(),
            "topologySpreadConstraints": spread_over_zones({"app.kubernetes.io/name": "metrics-server"}),
            **(monitored if settings.service_monitors else {}),
        }
