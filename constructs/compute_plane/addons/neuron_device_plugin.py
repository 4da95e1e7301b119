"""Offers Inferentia and Trainium accelerators to pods, on nodes whose image has the Neuron driver."""

from collections.abc import Mapping
from typing import Any

from compute_plane.addons.base import Addon, AddonSettings, Plane


class NeuronDevicePlugin(Addon[AddonSettings]):
    name = "neuron-device-plugin"
    namespace = "kube-system"
    chart = "neuron-device-plugin"
    service_account = "neuron-device-plugin"

    def values(self, plane: Plane, settings: AddonSettings) -> Mapping[str, Any]:
        # The chart's problem detector would run on every node of the cluster, and in a namespace that it does not make.
        return {"npd": {"enabled": False}}
