"""The control plane and its managed node groups."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compute_plane.config.keys import KeyArn
from compute_plane.config.kubernetes_types import LabelKey, LabelValue, Name, Taint
from compute_plane.config.model import Model
from compute_plane.config.network import Cidr, RetentionDays
from compute_plane.kubernetes_releases import releases


def _has_kubectl_layer(version: str) -> str:
    known = releases()
    if version not in known:
        raise ValueError(f"expected one of {sorted(known)}")
    if known[version].kubectl_layer is None:
        usable = sorted(name for name, release in known.items() if release.kubectl_layer)
        raise ValueError(
            f"has no kubectl layer here: add aws-cdk.lambda-layer-kubectl-v{version.removeprefix('1.')} to "
            f"requirements.txt and name it in kubernetes_releases.yaml, or use one of {usable}"
        )
    return version


WIDEST_PUBLIC_PREFIX = 8


def _public(network: IPv4Network) -> IPv4Network:
    """EKS refuses private ranges here, and nobody should give everybody a way in."""
    if network.prefixlen < WIDEST_PUBLIC_PREFIX:
        raise ValueError("would open the API to the world; give the ranges of your offices and pipelines")
    if not network.is_global:
        raise ValueError("must be a public range: private ones reach the private endpoint")
    return network


KubernetesVersion = Annotated[str, AfterValidator(_has_kubectl_layer)]
InstanceType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$")]


EksAddon = Literal["aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"]
AddonVersion = Annotated[str, Field(pattern=r"^v\d+\.\d+\.\d+-eksbuild\.\d+$")]
FIRST_EBS_DRIVER = (1, 58)
"""The first that gives volumes the tag with the cluster's name for which its policy asks."""


def _tags_its_volumes(version: str) -> bool:
    return tuple(int(number) for number in version.removeprefix("v").split(".")[:2]) >= FIRST_EBS_DRIVER


def _ebs_driver_tags_its_volumes(versions: dict[EksAddon, AddonVersion]) -> dict[EksAddon, AddonVersion]:
    driver = versions.get("aws-ebs-csi-driver")
    if driver and not _tags_its_volumes(driver):
        raise ValueError(
            "aws-ebs-csi-driver must be v1.58 or newer: its role may make no volumes without the tag that older ones "
            "do not set"
        )
    return versions


class ClusterConfig(Model):
    """The EKS control plane."""

    version: KubernetesVersion = Field(description='Kubernetes version, in quotes: "1.35".')
    public_access_cidrs: list[Annotated[Cidr, AfterValidator(_public)]] = Field(
        default=[],
        max_length=40,
        description="Who may reach the public API endpoint; empty: the endpoint is private only.",
    )
    log_retention_days: RetentionDays = Field(description="How long the five control-plane logs are kept.")
    volume_key_arn: KeyArn | None = Field(
        default=None,
        description="KMS key of the EBS volumes that pods claim; AWS's own key if unset. Its policy must leave the "
        "decision to the account's IAM policies. A StorageClass cannot change: choose before the first deployment.",
    )
    addon_versions: Annotated[dict[EksAddon, AddonVersion], AfterValidator(_ebs_driver_tags_its_volumes)] = Field(
        default={},
        description="Versions of EKS's own add-ons, `aws-ebs-csi-driver: v1.58.0-eksbuild.1`; where none is given, EKS "
        "takes its default for the cluster's version. The EBS driver must be v1.58 or newer in either case.",
    )


class UpdateConfig(Model):
    """How EKS replaces the nodes of a group."""

    strategy: Literal["DEFAULT", "MINIMAL"] = Field(
        default="DEFAULT",
        description="DEFAULT adds new nodes before removing old ones; MINIMAL removes first.",
    )
    max_unavailable: int = Field(default=1, ge=1, le=100, description="Nodes replaced at the same time.")


AmiType = Literal[
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NVIDIA",
    "AL2023_x86_64_NEURON",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA",
]


class NodeGroupConfig(Model):
    """An EKS managed node group. Its name, AMI type, capacity type and instance types cannot change in place."""

    name: Name = Field(description="Unique in the environment.")
    instance_types: list[InstanceType] = Field(min_length=1, max_length=20, description="In order of preference.")
    ami_type: AmiType = Field(default="AL2023_x86_64_STANDARD", description="Amazon Linux 2 images ended in 2025.")
    capacity_type: Literal["ON_DEMAND", "SPOT"] = Field(default="ON_DEMAND")
    min_size: int = Field(ge=0, le=450)
    desired_size: int = Field(ge=0, le=450)
    max_size: int = Field(ge=1, le=450)
    volume_size_gib: int = Field(default=50, ge=20, le=16384, description="Encrypted gp3 root (or data) volume.")
    labels: dict[LabelKey, LabelValue] = Field(default={}, max_length=50)
    taints: list[Taint] = Field(default=[], max_length=50)
    update: UpdateConfig = Field(default=UpdateConfig())
