"""What stand-ins carry besides a workload: the table of the charts whose other objects matter to a plane."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class CustomKind:
    """A custom resource that a chart defines."""

    group: str
    version: str
    kind: str
    plural: str
    scope: str


@dataclass(frozen=True)
class Contents:
    """What a chart carries: custom kinds (in `crds/`, or in `templates/` so that they upgrade), and more."""

    kinds: tuple[CustomKind, ...] = ()
    place: Literal["crds", "templates"] = "crds"
    keep: bool = False
    provisioner: str = ""
    service: bool = False


def _kinds(table: str) -> tuple[CustomKind, ...]:
    """Rows of group/version, kind, plural and scope."""
    found: list[CustomKind] = []
    for group_version, kind, plural, scope in (line.split() for line in table.strip().splitlines()):
        group, _, version = group_version.partition("/")
        found.append(CustomKind(group, version, kind, plural, scope))
    return tuple(found)


KARPENTER = _kinds("""
    karpenter.sh/v1 NodePool nodepools Cluster
    karpenter.sh/v1 NodeClaim nodeclaims Cluster
    karpenter.k8s.aws/v1 EC2NodeClass ec2nodeclasses Cluster
""")

CONTENTS: dict[str, Contents] = {
    "argo-cd": Contents(
        _kinds("""
            argoproj.io/v1alpha1 Application applications Namespaced
            argoproj.io/v1alpha1 AppProject appprojects Namespaced
            argoproj.io/v1alpha1 ApplicationSet applicationsets Namespaced
        """),
        place="templates",
        keep=True,
    ),
    "aws-ebs-csi-driver": Contents(provisioner="ebs.csi.aws.com"),
    "aws-efs-csi-driver": Contents(provisioner="efs.csi.aws.com"),
    "aws-load-balancer-controller": Contents(
        _kinds("""
            elbv2.k8s.aws/v1beta1 TargetGroupBinding targetgroupbindings Namespaced
            elbv2.k8s.aws/v1beta1 IngressClassParams ingressclassparams Cluster
        """)
    ),
    "base": Contents(
        _kinds("""
            networking.istio.io/v1 DestinationRule destinationrules Namespaced
            networking.istio.io/v1alpha3 EnvoyFilter envoyfilters Namespaced
            networking.istio.io/v1 Gateway gateways Namespaced
            networking.istio.io/v1 ServiceEntry serviceentries Namespaced
            networking.istio.io/v1 Sidecar sidecars Namespaced
            networking.istio.io/v1 VirtualService virtualservices Namespaced
            security.istio.io/v1 AuthorizationPolicy authorizationpolicies Namespaced
            security.istio.io/v1 PeerAuthentication peerauthentications Namespaced
            security.istio.io/v1 RequestAuthentication requestauthentications Namespaced
            telemetry.istio.io/v1 Telemetry telemetries Namespaced
        """),
        place="templates",
        keep=True,
    ),
    "cert-manager": Contents(
        _kinds("""
            cert-manager.io/v1 Certificate certificates Namespaced
            cert-manager.io/v1 ClusterIssuer clusterissuers Cluster
            cert-manager.io/v1 Issuer issuers Namespaced
        """),
        place="templates",
        keep=True,
    ),
    "external-secrets": Contents(
        _kinds("""
            external-secrets.io/v1 ClusterSecretStore clustersecretstores Cluster
            external-secrets.io/v1 ExternalSecret externalsecrets Namespaced
            external-secrets.io/v1 SecretStore secretstores Namespaced
        """),
        place="templates",
    ),
    "gateway": Contents(service=True),
    "karpenter": Contents(KARPENTER),
    "karpenter-crd": Contents(KARPENTER, place="templates"),
    "keda": Contents(
        _kinds("""
            keda.sh/v1alpha1 ClusterTriggerAuthentication clustertriggerauthentications Cluster
            keda.sh/v1alpha1 ScaledJob scaledjobs Namespaced
            keda.sh/v1alpha1 ScaledObject scaledobjects Namespaced
            keda.sh/v1alpha1 TriggerAuthentication triggerauthentications Namespaced
        """),
        place="templates",
    ),
    "prometheus-operator-crds": Contents(
        _kinds("""
            monitoring.coreos.com/v1 PodMonitor podmonitors Namespaced
            monitoring.coreos.com/v1 PrometheusRule prometheusrules Namespaced
            monitoring.coreos.com/v1 ServiceMonitor servicemonitors Namespaced
        """),
        place="templates",
        keep=True,
    ),
}
