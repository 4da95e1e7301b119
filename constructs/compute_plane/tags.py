"""Tags by which controllers know what is this cluster's, and those that a policy lets them set."""

from collections.abc import Iterable

INTERFACE_TAG = "cluster.k8s.amazonaws.com/name"
"""The VPC CNI marks its network interfaces with it; its value is the cluster's name."""
RESERVED = (
    "aws:",
    "cluster.k8s.amazonaws.com/",
    "ebs.csi.aws.com/",
    "eks:",
    "elbv2.k8s.aws/",
    "k8s.io/",
    "karpenter.k8s.aws/",
    "karpenter.sh/",
    "kubernetes.io/",
    "sigs.k8s.io/",
)
"""How the keys begin by which a controller of any cluster finds what is its own."""


def free_tag_keys(*keys: Iterable[str]) -> list[str]:
    """The keys that have no meaning for a controller: Name, and what the configuration says."""
    return sorted({"Name", *(key for some in keys for key in some)})
