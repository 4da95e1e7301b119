"""The control plane and its managed node groups."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

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


class ClusterConfig(Model):
    """The EKS control plane."""

    version: KubernetesVersion = Field(description='Kubernetes version, in quotes: "1.35".')
    public_access_cidrs: list[Annotated[Cidr, AfterValidator(_public)]] = Field(
        default=[],
        max_length=40,
        description="Who may reach the public API endpoint; empty: the endpoint is private only.",
    )
    log_retention_days: RetentionDays = Field(description="How long the five control-plane logs are kept.")


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
