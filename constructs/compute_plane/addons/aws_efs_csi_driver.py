"""Mounts the plane's EFS file system, and makes it the default StorageClass (documents 000 and 003)."""

import re
from collections.abc import Mapping
from typing import Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, spread_over_zones
from compute_plane.addons.workload_identity import WorkloadIdentity

CONTROLLER_ACCOUNT = "efs-csi-controller-sa"
NODE_ACCOUNT = "efs-csi-node-sa"


class EfsSettings(MonitoredSettings):
    """The EFS CSI driver and its StorageClass."""

    directory_permissions: str = Field(
        default="700",
        pattern=r"^[0-7]{3,4}$",
        description="Mode of an access point's root directory, in quotes.",
    )


class AwsEfsCsiDriver(Addon[EfsSettings]):
    name = "aws-efs-csi-driver"
    namespace = "kube-system"
    chart = "aws-efs-csi-driver"
    service_account = CONTROLLER_ACCOUNT
    Settings = EfsSettings

    def values(self, plane: Plane, settings: EfsSettings) -> Mapping[str, Any]:
        return {
            "controller": {
                "serviceAccount": plane.service_account(CONTROLLER_ACCOUNT, role_name=plane.names.efs_controller_role),
                "podDisruptionBudget": {"enabled": True},
                "resources": resources("50m", "128Mi", limit="512Mi"),
                "topologySpreadConstraints": spread_over_zones({"app": "efs-csi-controller"}),
                "tags": _access_point_tags(plane),
                **({"enableMetrics": True, "serviceMonitor": {"enabled": True}} if settings.service_monitors else {}),
            },
            "node": {
                "serviceAccount": plane.service_account(NODE_ACCOUNT, role_name=plane.names.efs_node_role),
                "resources": resources("20m", "64Mi", limit="512Mi"),
            },
            "storageClasses": [
                {
                    "name": "efs",
                    "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
                    # `iam` makes the mount carry the node driver's identity, which the file system's policy asks for.
                    "mountOptions": ["tls", "iam"],
                    "parameters": {
                        "provisioningMode": "efs-ap",
                        "fileSystemId": plane.file_system_id,
                        "directoryPerms": settings.directory_permissions,
                        "gidRangeStart": "1000",
                        "gidRangeEnd": "2000",
                        "basePath": "/dynamic_provisioning",
                    },
                    "reclaimPolicy": "Delete",
                    "volumeBindingMode": "Immediate",
                }
            ],
        }

    def resources(self, scope: Construct, plane: Plane, settings: EfsSettings) -> None:
        file_system_id = plane.file_system_id
        if file_system_id is None:
            raise ValueError("aws-efs-csi-driver needs data.file_system")
        for id, role_name, document, service_account in (
            ("Controller", plane.names.efs_controller_role, "efs-csi", CONTROLLER_ACCOUNT),
            ("Node", plane.names.efs_node_role, "efs-csi-node", NODE_ACCOUNT),
        ):
            WorkloadIdentity(
                scope,
                id,
                plane=plane,
                role_name=role_name,
                documents=[document],
                values={"FileSystemId": file_system_id},
                namespace=self.namespace,
                service_account=service_account,
            )


def _access_point_tags(plane: Plane) -> dict[str, str]:
    """The environment's tags, and the one by which the controller's policy knows this cluster's access points.

    The driver splits its tags at spaces and colons, unless a backslash stands before them
    (kubernetes-sigs/aws-efs-csi-driver, pkg/driver/driver.go).
    """
    tags = {**plane.tags, f"kubernetes.io/cluster/{plane.cluster_name}": "owned"}
    return {_escaped(key): _escaped(value) for key, value in tags.items()}


def _escaped(text: str) -> str:
    return re.sub(r"([\\ :])", r"\\\1", text)
