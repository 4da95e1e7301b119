"""What controllers in a cluster made in AWS, and nobody cleans up once the cluster is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Leftover:
    """A Kubernetes object whose AWS side outlives its cluster, in the cluster's subnets."""

    kind: str
    namespace: str
    name: str
    cluster: str
    subnets: frozenset[str]


def leftovers(cluster: str, properties: Mapping[str, Any], objects: Iterable[Mapping[str, Any]]) -> list[Leftover]:
    """What the controllers in the cluster made in AWS and nobody cleans up once the cluster is gone."""
    subnets = frozenset(map(str, properties.get("ResourcesVpcConfig", {}).get("SubnetIds", [])))
    found: list[Leftover] = []
    for one in objects:
        metadata = one.get("metadata", {})
        if has_aws_side(one):
            namespace, name = metadata.get("namespace", ""), metadata.get("name", "")
            found.append(Leftover(one["kind"], namespace, name, cluster, subnets))
    return found


def has_aws_side(one: Mapping[str, Any]) -> bool:
    """A load balancer, an instance or a volume of its own."""
    match one.get("kind"):
        case "Service":
            return one.get("spec", {}).get("type") == "LoadBalancer"
        case "PersistentVolumeClaim":
            return one.get("status", {}).get("phase") == "Bound"
        case kind:
            return kind in ("Ingress", "NodeClaim")
