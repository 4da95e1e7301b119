"""Manages all that NVIDIA GPUs need on their nodes: device plugin, metrics, partitions, and drivers if asked."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import tolerations


class GpuOperatorSettings(MonitoredSettings):
    """What the operator finds on the nodes."""

    driver: bool = Field(
        default=False,
        description="Installs NVIDIA's driver and container toolkit, for images that lack them: Amazon Linux 2023 and "
        "Bottlerocket bring them for GPU instances.",
    )
    mig_strategy: Literal["none", "single", "mixed"] = Field(
        default="none", description="How instances of a partitioned GPU are offered: not, as GPUs, or by their profile."
    )


class GpuOperator(Addon[GpuOperatorSettings]):
    name = "gpu-operator"
    namespace = "gpu-operator"
    chart = "gpu-operator"
    service_account = "gpu-operator"
    excludes = ("nvidia-device-plugin",)
    Settings = GpuOperatorSettings

    def values(self, plane: Plane, settings: GpuOperatorSettings) -> Mapping[str, Any]:
        return {
            "driver": {"enabled": settings.driver},
            "toolkit": {"enabled": settings.driver},
            "mig": {"strategy": settings.mig_strategy},
            "migManager": {"enabled": settings.mig_strategy != "none"},
            "dcgmExporter": {"serviceMonitor": {"enabled": settings.service_monitors}},
            "operator": {"tolerations": tolerations()},
            "node-feature-discovery": {
                "master": {"tolerations": tolerations()},
                "gc": {"tolerations": tolerations()},
            },
        }
