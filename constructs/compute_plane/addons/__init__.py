"""Every add-on there is, in alphabetical order. Add yours to ADDONS."""

from typing import Any

from compute_plane.addons.aws_efs_csi_driver import AwsEfsCsiDriver
from compute_plane.addons.aws_load_balancer_controller import AwsLoadBalancerController
from compute_plane.addons.base import Addon
from compute_plane.addons.cert_manager import CertManager
from compute_plane.addons.cluster_autoscaler import ClusterAutoscaler
from compute_plane.addons.external_dns import ExternalDns
from compute_plane.addons.external_secrets import ExternalSecrets
from compute_plane.addons.istio_base import IstioBase
from compute_plane.addons.istio_gateway import IstioGateway
from compute_plane.addons.istiod import Istiod
from compute_plane.addons.karpenter import Karpenter
from compute_plane.addons.karpenter_crd import KarpenterCrd
from compute_plane.addons.storage_classes import StorageClasses

ADDONS: tuple[Addon[Any], ...] = (
    AwsEfsCsiDriver(),
    AwsLoadBalancerController(),
    CertManager(),
    ClusterAutoscaler(),
    ExternalDns(),
    ExternalSecrets(),
    IstioBase(),
    IstioGateway(),
    Istiod(),
    Karpenter(),
    KarpenterCrd(),
    StorageClasses(),
)
