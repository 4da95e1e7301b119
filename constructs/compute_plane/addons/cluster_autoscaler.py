"""Scales the managed node groups between their smallest and largest size (document 003)."""

from collections.abc import Mapping
from typing import Any, Literal

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, spread_over_zones, tolerations, unprivileged
from compute_plane.addons.workload_identity import WorkloadIdentity


class ClusterAutoscalerSettings(MonitoredSettings):
    """How the autoscaler chooses a node group; min_size and max_size of the groups bound it."""

    expander: Literal["least-nodes", "least-waste", "most-pods", "random"] = Field(
        default="least-waste", description="Which group grows when a pending pod fits several."
    )


class ClusterAutoscaler(Addon[ClusterAutoscalerSettings]):
    name = "cluster-autoscaler"
    namespace = "kube-system"
    chart = "cluster-autoscaler"
    service_account = "cluster-autoscaler"
    Settings = ClusterAutoscalerSettings

    def values(self, plane: Plane, settings: ClusterAutoscalerSettings) -> Mapping[str, Any]:
        return {
            "awsRegion": plane.region,
            # EKS puts the two tags that this looks for and the role asks for on the groups' Auto Scaling groups.
            "autoDiscovery": {"clusterName": plane.cluster_name},
            "rbac": {
                "serviceAccount": plane.service_account(
                    self.service_account, role_name=plane.names.cluster_autoscaler_role
                )
            },
            # Its own DNS must not depend on nodes that it has to ask for first.
            "dnsPolicy": "Default",
            "extraArgs": {
                "expander": settings.expander,
                # Zones of one group grow alike, so that volumes and spread constraints find room in each.
                "balance-similar-node-groups": True,
                # The plane's add-ons run in kube-system on every node; none would ever be given back.
                "skip-nodes-with-system-pods": False,
            },
            # One of them leads; the other takes over where a node that it scaled away was its own.
            "replicaCount": 2,
            "resources": resources("100m", "512Mi", limit="1Gi"),
            "securityContext": unprivileged(65534),
            "containerSecurityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            },
            "tolerations": tolerations(),
            "topologySpreadConstraints": spread_over_zones({"app.kubernetes.io/instance": self.name}),
            # The chart's own namespace for it, `monitoring`, need not exist.
            **({"serviceMonitor": {"enabled": True, "namespace": self.namespace}} if settings.service_monitors else {}),
        }

    def resources(self, scope: Construct, plane: Plane, settings: ClusterAutoscalerSettings) -> None:
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.cluster_autoscaler_role,
            documents=["cluster-autoscaler"],
            values={"ClusterName": plane.cluster_name},
            namespace=self.namespace,
            service_account=self.service_account,
        )
