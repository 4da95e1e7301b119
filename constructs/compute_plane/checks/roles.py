"""IAM12 and IAM13: the roles of instances and of the control plane."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ROLE, permissions_of, trusts
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

NODE_POLICIES = {
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonSSMManagedInstanceCore",
}
CLUSTER_POLICIES = {"AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"}
ENCRYPTION = {"kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"}
AWS_POLICY = re.compile(r"arn:(aws[a-z-]*|<AWS::Partition>):iam::aws:policy/(?:.*/)?(?P<name>[^/]+)")


def node_roles(template: Template) -> Iterator[Finding]:
    for role, properties in template.of_type(ROLE):
        if not trusts(template, role, "ec2"):
            continue
        for policy in _managed_policies(properties):
            if policy not in NODE_POLICIES:
                yield Finding(role, f"Policy::{policy}")
        for statement in permissions_of(template, role):
            for action in statement.actions:
                yield Finding(role, f"Action::{action}")


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
            for action in statement.actions:
                if action not in ENCRYPTION:
                    yield Finding(role, f"Action::{action}")
            for resource in statement.resources:
                if "*" in resource:
                    yield Finding(role, f"Resource::{resource}")


def _managed_policies(properties: Any) -> list[str]:
    """Names of AWS managed policies; any other policy keeps its whole reference, which no list allows."""
    references = [flatten(policy) for policy in as_list(properties.get("ManagedPolicyArns"))]
    names = [AWS_POLICY.fullmatch(reference) for reference in references]
    return [name["name"] if name else reference for name, reference in zip(names, references, strict=True)]


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
