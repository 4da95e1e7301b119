"""What a rehearsal cannot show, in words for its report."""

from collections.abc import Sequence

ALWAYS = (
    "IAM permissions: every call is allowed",
    "quotas, throttling, eventual consistency, and the time AWS takes",
    "AWS's own validation of property values beyond the registry's schemas",
    "network reachability: functions and the Kubernetes API are on one machine",
    "what EKS's own add-ons install",
    "stand-in charts in place of charts that were not given (CHARTS=<folder> takes real ones)",
)
EMBEDDED = (
    "controllers: Karpenter makes no nodes, no load balancer appears, no pod runs; workloads count as ready",
    "Kubernetes' CEL rules, RBAC, scheduling, admission webhooks, and unknown fields of built-in kinds",
)
CONTROL_PLANE = (
    "containers: no image is pulled, no probe is asked, nothing crashes, and every Job succeeds without doing anything",
    "a webhook's own opinion: it is called, with its certificate and its pods' readiness, and allows everything",
    "what controllers make: status and finalizers of custom resources, NodeClaims, injected CAs, load balancers",
    "Karpenter's choice of instances: the smallest usual type of each NodePool, one node a zone, more when pods wait",
)


def not_rehearsed(*, unknown_calls: Sequence[str], control_plane: bool) -> list[str]:
    """One line for each limit that held."""
    unknown = [f"calls that were made and are not known here: {', '.join(sorted(unknown_calls))}"]
    return [*ALWAYS, *(CONTROL_PLANE if control_plane else EMBEDDED), *(unknown if unknown_calls else [])]
