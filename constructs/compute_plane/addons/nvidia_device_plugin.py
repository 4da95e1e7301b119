"""Offers NVIDIA GPUs to pods: on Karpenter's nodes, and on those labelled nvidia.com/gpu.present=true."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from compute_plane.addons.base import Addon, AddonSettings, Plane


class NvidiaDevicePluginSettings(AddonSettings):
    """How GPUs are offered."""

    mig_strategy: Literal["none", "single", "mixed"] = Field(
        default="none", description="How instances of a partitioned GPU are offered: not, as GPUs, or by their profile."
    )


class NvidiaDevicePlugin(Addon[NvidiaDevicePluginSettings]):
    name = "nvidia-device-plugin"
    namespace = "nvidia-device-plugin"
    chart = "nvidia-device-plugin"
    excludes = ("gpu-operator",)
    Settings = NvidiaDevicePluginSettings

    def values(self, plane: Plane, settings: NvidiaDevicePluginSettings) -> Mapping[str, Any]:
        # The chart's own terms name labels that Node Feature Discovery would set. Karpenter labels its nodes itself;
        # a managed node group does in its `labels`.
        terms = [
            {"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}
            for key, value in (
                ("karpenter.k8s.aws/instance-gpu-manufacturer", "nvidia"),
                ("nvidia.com/gpu.present", "true"),
            )
        ]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        return {
            "migStrategy": settings.mig_strategy,
            "affinity": {"nodeAffinity": required},
            "resources": {"requests": {"cpu": "10m", "memory": "64Mi"}},
        }
