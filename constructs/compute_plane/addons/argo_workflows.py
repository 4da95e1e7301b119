"""Runs workflows of containers, step by step or as a graph."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, spread_over_zones, tolerations
from compute_plane.config.kubernetes_types import Name


class ArgoWorkflowsSettings(MonitoredSettings):
    """Where workflows may run."""

    workflow_namespaces: list[Name] = Field(
        default=["default"],
        min_length=1,
        description="Namespaces in which workflows run, as the service account argo-workflow that the chart makes "
        "there; the namespaces must exist.",
    )


class ArgoWorkflows(Addon[ArgoWorkflowsSettings]):
    name = "argo-workflows"
    namespace = "argo"
    chart = "argo-workflows"
    service_account = "argo-workflows-workflow-controller"
    Settings = ArgoWorkflowsSettings

    def values(self, plane: Plane, settings: ArgoWorkflowsSettings) -> Mapping[str, Any]:
        monitored = {"metricsConfig": {"enabled": True}, "serviceMonitor": {"enabled": True}}
        return {
            # The full definitions come from raw.githubusercontent.com, in a job that runs before the chart.
            "crds": {"full": False},
            "workflow": {"serviceAccount": {"create": True}},
            "controller": {
                **self._available(plane, "argo-workflows-workflow-controller"),
                "resources": resources("100m", "256Mi", limit="1Gi"),
                "workflowNamespaces": settings.workflow_namespaces,
                **(monitored if settings.service_monitors else {}),
            },
            "server": {
                **self._available(plane, "argo-workflows-server"),
                "resources": resources("50m", "128Mi", limit="512Mi"),
            },
        }

    def _available(self, plane: Plane, app: str) -> dict[str, Any]:
        several = {"replicas": 2, "pdb": {"enabled": True, "minAvailable": 1}} if plane.highly_available else {}
        spread = spread_over_zones({"app.kubernetes.io/name": app})
        return {"tolerations": tolerations(), "topologySpreadConstraints": spread, **several}
