"""EKS1, EKS2, IAM26: who reaches the control plane, what it records, who administers it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ACCOUNT, PART, trusts
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

CLUSTER = "AWS::EKS::Cluster"
WIDEST_PREFIX = 8
LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
NAMED_PRINCIPAL = re.compile(rf"arn:{PART}:iam::{ACCOUNT}:(role|user)/[^*?]+")


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


def administrators(template: Template) -> Iterator[Finding]:
    for cluster, properties in template.of_type(CLUSTER):
        access = properties.get("AccessConfig") or {}
        if access.get("AuthenticationMode") != "API":
            yield Finding(cluster, f"AuthenticationMode::{access.get('AuthenticationMode', 'missing')}")
        if not is_false(access.get("BootstrapClusterCreatorAdminPermissions")):
            yield Finding(cluster, "BootstrapClusterCreatorAdminPermissions")
    for entry, properties in template.of_type("AWS::EKS::AccessEntry"):
        if "system:masters" in as_list(properties.get("KubernetesGroups")):
            yield Finding(entry, "Group::system:masters")
        principal = properties.get("PrincipalArn")
        if _administers_cluster(properties) and not _is_named(template, principal):
            yield Finding(entry, f"Principal::{flatten(principal)}")


def _administers_cluster(properties: Any) -> bool:
    return any(
        flatten(policy.get("PolicyArn")).endswith(f"/{CLUSTER_ADMIN}")
        and (policy.get("AccessScope") or {}).get("Type") == "cluster"
        for policy in as_list(properties.get("AccessPolicies"))
    )


def _is_named(template: Template, principal: Any) -> bool:
    """A role or user by its ARN, or the role of the function with which CDK applies manifests and charts."""
    role = template.referred_to(principal)
    if role:
        return trusts(template, role, "lambda")
    return NAMED_PRINCIPAL.fullmatch(flatten(principal)) is not None


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
    Rule(
        id="IAM26",
        title="Cluster administrators are named principals",
        why="004: «If not explicitly specified, the aws_auth_roles and aws_auth_users will have admin "
        'access.»; 004: «groups = ["system:masters"]»',
        fix="AuthenticationMode API, no administrator by creation, no system:masters; give "
        "AmazonEKSClusterAdminPolicy to a role or user by ARN.",
        check=administrators,
    ),
)
