"""IAM12 and IAM13: the roles of instances and of the control plane."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.real_names import managed_policies
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ROLE, Statement, permissions_of, trusts
from compute_plane.checks.template import Template

NODE_POLICIES = {
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonSSMManagedInstanceCore",
}
CLUSTER_POLICIES = {"AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"}
ENCRYPTION = {"kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"}


def node_roles(template: Template) -> Iterator[Finding]:
    for role, properties in template.of_type(ROLE):
        if not trusts(template, role, "ec2"):
            continue
        for policy in _managed_policies(properties):
            if policy not in NODE_POLICIES:
                yield Finding(role, f"Policy::{policy}")
        for statement in permissions_of(template, role):
            for action, resource in _grants(statement):
                yield Finding(role, f"{action}::{resource}", sid=statement.body.get("Sid", ""))


def cluster_roles(template: Template) -> Iterator[Finding]:
    for role, properties in template.of_type(ROLE):
        if not trusts(template, role, "eks"):
            continue
        policies = _managed_policies(properties)
        if "AmazonEKSClusterPolicy" not in policies:
            yield Finding(role, "Missing::AmazonEKSClusterPolicy")
        for policy in policies:
            if policy not in CLUSTER_POLICIES:
                yield Finding(role, f"Policy::{policy}")
        for statement in permissions_of(template, role):
            for action, resource in _grants(statement):
                if action not in ENCRYPTION or re.search(r"[*?]", resource):
                    yield Finding(role, f"{action}::{resource}", sid=statement.body.get("Sid", ""))


def _grants(statement: Statement) -> Iterator[tuple[str, str]]:
    for action in statement.actions or ["NotAction"]:
        for resource, _ in statement.targets:
            yield action, resource


def _managed_policies(properties: Any) -> list[str]:
    """Names of AWS managed policies; any other policy keeps its whole reference, which no list allows."""
    return [policy.name for policy in managed_policies(properties)]


RULES = (
    Rule(
        id="IAM12",
        title="A node role holds only the node policies",
        why="000: «Role assumed by EKS nodes to work with the AWS resources for these purposes»",
        fix="Give the permission to a workload role; on the role of an instance only the AWS policies for "
        "nodes stay, and statements that deny.",
        check=node_roles,
    ),
    Rule(
        id="IAM13",
        title="The cluster role is exact",
        why="000: «This role provides Kubernetes the permissions needed to manage the cluster.»",
        fix="AmazonEKSClusterPolicy, AmazonEKSVPCResourceController at most, and the four KMS actions of the "
        "encryption policy on one key.",
        check=cluster_roles,
    ),
)
