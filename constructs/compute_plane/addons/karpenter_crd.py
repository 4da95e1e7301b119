"""Karpenter's custom resource definitions, in a release of their own so that they are upgraded."""

from compute_plane.addons.base import Addon, AddonSettings


class KarpenterCrd(Addon[AddonSettings]):
    name = "karpenter-crd"
    namespace = "kube-system"
    chart = "karpenter-crd"
