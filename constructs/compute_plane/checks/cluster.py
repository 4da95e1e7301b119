"""EKS1 and EKS2: who reaches the control plane, and what it records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

CLUSTER = "AWS::EKS::Cluster"
WIDEST_PREFIX = 8
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


def public_endpoint(template: Template) -> Iterator[Finding]:
    for cluster, properties in template.of_type(CLUSTER):
        network = properties.get("ResourcesVpcConfig") or {}
        if is_false(network.get("EndpointPublicAccess")):
            continue
        cidrs = [flatten(cidr) for cidr in as_list(network.get("PublicAccessCidrs"))]
        for cidr in cidrs or ["0.0.0.0/0"]:
            prefix = cidr.rpartition("/")[2]
            if not prefix.isdigit() or int(prefix) < WIDEST_PREFIX:
                yield Finding(cluster, f"PublicAccess::{cidr}")


def control_plane_logs(template: Template) -> Iterator[Finding]:
    for cluster, properties in template.of_type(CLUSTER):
        logging = (properties.get("Logging") or {}).get("ClusterLogging") or {}
        enabled = {entry.get("Type") for entry in as_list(logging.get("EnabledTypes"))}
        for log_type in LOG_TYPES:
            if log_type not in enabled:
                yield Finding(cluster, f"LogExport::{log_type}")


def is_false(value: Any) -> bool:
    return value is False or value == "false"


RULES = (
    Rule(
        id="EKS1",
        title="The public endpoint is closed, or open to named networks",
        why="003: «The cluster has public and private access endpoints enabled»; AwsSolutions-EKS1 does not "
        "see native AWS::EKS::Cluster resources",
        fix="EndpointPublicAccess: false, or PublicAccessCidrs without 0.0.0.0/0.",
        check=public_endpoint,
    ),
    Rule(
        id="EKS2",
        title="The control plane records all five logs",
        why="AwsSolutions-EKS2 asks for it and does not see native AWS::EKS::Cluster resources",
        fix=f"Enable the log types {', '.join(LOG_TYPES)}.",
        check=control_plane_logs,
    ),
)
