"""Every add-on there is, in alphabetical order. Add yours to ADDONS."""

from typing import Any

from compute_plane.addons.argo_cd import ArgoCd
from compute_plane.addons.argo_rollouts import ArgoRollouts
from compute_plane.addons.argo_workflows import ArgoWorkflows
from compute_plane.addons.aws_efs_csi_driver import AwsEfsCsiDriver
from compute_plane.addons.aws_load_balancer_controller import AwsLoadBalancerController
from compute_plane.addons.base import Addon
from compute_plane.addons.cert_manager import CertManager
from compute_plane.addons.cluster_autoscaler import ClusterAutoscaler
from compute_plane.addons.external_dns import ExternalDns
from compute_plane.addons.external_secrets import ExternalSecrets
from compute_plane.addons.gpu_operator import GpuOperator
from compute_plane.addons.istio_base import IstioBase
from compute_plane.addons.istio_gateway_external import IstioGatewayExternal
from compute_plane.addons.istio_gateway_internal import IstioGatewayInternal
from compute_plane.addons.istiod import Istiod
from compute_plane.addons.karpenter import Karpenter
from compute_plane.addons.karpenter_crd import KarpenterCrd
from compute_plane.addons.keda import Keda
from compute_plane.addons.metrics_server import MetricsServer
from compute_plane.addons.nats import Nats
from compute_plane.addons.neuron_device_plugin import NeuronDevicePlugin
from compute_plane.addons.nvidia_device_plugin import NvidiaDevicePlugin
from compute_plane.addons.prometheus_operator_crds import PrometheusOperatorCrds
from compute_plane.addons.storage_classes import StorageClasses

ADDONS: tuple[Addon[Any], ...] = (
    ArgoCd(),
    ArgoRollouts(),
    ArgoWorkflows(),
    AwsEfsCsiDriver(),
    AwsLoadBalancerController(),
    CertManager(),
    ClusterAutoscaler(),
    ExternalDns(),
    ExternalSecrets(),
    GpuOperator(),
    IstioBase(),
    IstioGatewayExternal(),
    IstioGatewayInternal(),
    Istiod(),
    Karpenter(),
    KarpenterCrd(),
    Keda(),
    MetricsServer(),
    Nats(),
    NeuronDevicePlugin(),
    NvidiaDevicePlugin(),
    PrometheusOperatorCrds(),
    StorageClasses(),
)
