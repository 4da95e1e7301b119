"""Istio's custom resource definitions."""

from compute_plane.addons.base import Addon, AddonSettings


class IstioBase(Addon[AddonSettings]):
    name = "istio-base"
    namespace = "istio-system"
    chart = "istio-base"
