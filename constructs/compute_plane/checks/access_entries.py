"""IAM26 and IAM27: who administers the cluster, and how nodes join it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.cluster import CLUSTER, is_false
from compute_plane.checks.holders import ROLE
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ACCOUNT, OWN_ACCOUNT, PART, trusts
from compute_plane.checks.template import Template
from compute_plane.checks.variants import variants
from compute_plane.iam.flatten import as_list, flatten

ENTRY = "AWS::EKS::AccessEntry"
NODE_GROUP = "AWS::EKS::Nodegroup"
POLICY = re.compile(rf"arn:{PART}:eks::aws:cluster-access-policy/(?P<name>\w+)")
HARMLESS = {"AmazonEKSViewPolicy"}
"""In the whole cluster; every other policy reads secrets or changes things."""
PRINCIPAL = re.compile(rf"arn:{PART}:iam::(?P<account>{ACCOUNT}):(?P<kind>role|user)/(?P<name>[^*?]+)")
FOR_NODES = {"EC2", "EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX"}
KUBECTL = "onEvent handler for EKS kubectl resource provider"
"""How CDK describes the function with which it applies manifests and charts."""


def administrators(template: Template) -> Iterator[Finding]:
    for cluster, properties in template.of_type(CLUSTER):
        access = properties.get("AccessConfig") or {}
        if access.get("AuthenticationMode") != "API":
            yield Finding(cluster, f"AuthenticationMode::{access.get('AuthenticationMode', 'missing')}")
        if not is_false(access.get("BootstrapClusterCreatorAdminPermissions")):
            yield Finding(cluster, "BootstrapClusterCreatorAdminPermissions")
    for entry, properties in template.of_type(ENTRY):
        found = [detail for variant in variants(properties) for detail in _of_entry(template, variant)]
        yield from (Finding(entry, detail) for detail in dict.fromkeys(found))


def _of_entry(template: Template, properties: Mapping[str, Any]) -> Iterator[str]:
    principal = properties.get("PrincipalArn")
    for group in as_list(properties.get("KubernetesGroups")):
        if not isinstance(group, str) or group == "system:masters":
            yield f"Group::{flatten(group)}"
    for policy in as_list(properties.get("AccessPolicies")):
        arn = flatten(policy.get("PolicyArn") if isinstance(policy, dict) and "PolicyArn" in policy else policy)
        known = POLICY.fullmatch(arn)
        if known is None:
            yield f"Policy::{arn}"
        elif known["name"] not in HARMLESS and _in_every_namespace(policy) and not _may_administer(template, principal):
            yield f"Principal::{flatten(principal)}"


def _in_every_namespace(policy: Mapping[str, Any]) -> bool:
    """Or in namespaces that nobody can name."""
    scope: Any = policy.get("AccessScope") or {}
    namespaces = as_list(scope.get("Namespaces"))
    named = namespaces and all(isinstance(each, str) and not re.search(r"[*?]", each) for each in namespaces)
    return scope.get("Type") != "namespace" or not named


def _may_administer(template: Template, principal: Any) -> bool:
    """An administrator of the configuration (any principal by its ARN, where that is unknown), or CDK itself."""
    role = template.referred_to(principal)
    if role:
        return any(
            properties.get("Description") == KUBECTL and template.referred_to(properties.get("Role")) == role
            for _, properties in template.of_type("AWS::Lambda::Function")
        )
    found = PRINCIPAL.fullmatch(flatten(principal))
    admins = template.facts.admins
    return found is not None and (not admins or any(_is(template, found, admin) for admin in admins))


def _is(template: Template, principal: re.Match[str], admin: str) -> bool:
    """A bare name in the configuration is a role of the deployment's account."""
    configured = PRINCIPAL.fullmatch(admin)
    if configured is None:
        return (principal["kind"], principal["name"]) == ("role", admin) and _is_own(template, principal["account"])
    return principal.groups() == configured.groups()


def _is_own(template: Template, account: str) -> bool:
    return account in (OWN_ACCOUNT, template.account)


def nodes(template: Template) -> Iterator[Finding]:
    node_roles = {role for role, _ in template.of_type(ROLE) if trusts(template, role, "ec2")}
    grouped = {_role(template, group.get("NodeRole")) for _, group in template.of_type(NODE_GROUP)}
    entered: set[str] = set()
    found: list[Finding] = []
    for entry, properties in template.of_type(ENTRY):
        for variant in variants(properties):
            role = _role(template, variant.get("PrincipalArn"))
            entered.add(role)
            found += [Finding(entry, detail) for detail in _as_node(variant, role in node_roles, role in grouped)]
    yield from dict.fromkeys(found)
    for role in sorted(node_roles - grouped - entered):
        yield Finding(role, "Missing::AccessEntry")


def _as_node(properties: Mapping[str, Any], is_node: bool, is_grouped: bool) -> Iterator[str]:
    kind = flatten(properties.get("Type")) or "STANDARD"
    if not is_node:
        if kind in FOR_NODES or "<" in kind:
            yield f"NotANode::{flatten(properties.get('PrincipalArn'))}"
        return
    if kind not in FOR_NODES:
        yield f"Type::{kind}"
    if is_grouped:
        yield "NodeGroup"
    yield from (key for key in ("AccessPolicies", "KubernetesGroups") if properties.get(key))


def _role(template: Template, reference: Any) -> str:
    """The logical id of a role of this template, referred to or named; else what stands there."""
    if referred := template.referred_to(reference):
        return referred
    text = flatten(reference)
    named = PRINCIPAL.fullmatch(text)
    return (template.role_named(named["name"].rpartition("/")[2]) if named else None) or text


RULES = (
    Rule(
        id="IAM26",
        title="Cluster administrators are named principals",
        why="004: «If not explicitly specified, the aws_auth_roles and aws_auth_users will have admin "
        'access.»; 004: «groups = ["system:masters"]»',
        fix="AuthenticationMode API, no administrator by creation, no system:masters; give "
        "AmazonEKSClusterAdminPolicy to the principals of access.admins and nobody else. Others get "
        "AmazonEKSViewPolicy, or a policy of AWS, by its literal name, in namespaces that are named.",
        check=administrators,
    ),
    Rule(
        id="IAM27",
        title="Nodes join by a typed access entry, without policies",
        why="000: «Register itself with the cluster»",
        fix="One access entry of type EC2_LINUX or the like, without policies and groups, for each node role that "
        "no managed node group uses; EKS makes the entry of a node group itself.",
        check=nodes,
    ),
)
