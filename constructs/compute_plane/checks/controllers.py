"""IAM11: each controller has a role of its own, and none works with the role of the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.holders import ROLE
from compute_plane.checks.rendered import helm_values, objects
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import permissions_of, trusts
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
ADDON_NAMESPACE = "kube-system"
ROLE_NAME = re.compile(r"arn:.*:role/(?:.*/)?(?P<name>[^/]+)")
CONTROLLERS_WORK = re.compile(
    r"ec2:RunInstances|ec2:CreateFleet|elasticloadbalancing:.*|route53:Change.*|elasticfilesystem:.*|autoscaling:Set.*",
    re.IGNORECASE,
)

Use = tuple[str, Any, str]
"""The resource that hands out a role, the role, and the service account that gets it."""


def one_role_each(template: Template) -> Iterator[Finding]:
    for logical_id, content in [*helm_values(template), *objects(template)]:
        if content is None:
            yield Finding(logical_id, "Unreadable")
    users: dict[str, dict[str, str]] = {}
    for logical_id, role, service_account in role_uses(template):
        users.setdefault(_role(template, role), {})[service_account] = logical_id
    for role, accounts in users.items():
        if len(accounts) > 1:
            yield Finding(list(accounts.values())[-1], f"{role}::{'+'.join(sorted(accounts))}")
    yield from _controllers_on_nodes(template)


def _controllers_on_nodes(template: Template) -> Iterator[Finding]:
    for role, _ in template.of_type(ROLE):
        if trusts(template, role, "ec2"):
            for statement in permissions_of(template, role):
                yield from (
                    statement.finding(f"Node::{action}")
                    for action in statement.actions
                    if action == "*" or CONTROLLERS_WORK.fullmatch(action)
                )


def role_uses(template: Template) -> Iterator[Use]:
    """Every role that a service account gets: by association, by add-on, by annotation."""
    for logical_id, properties in template.of_type("AWS::EKS::PodIdentityAssociation"):
        account = f"{flatten(properties.get('Namespace'))}/{flatten(properties.get('ServiceAccount'))}"
        for key in ("RoleArn", "TargetRoleArn"):
            if key in properties:
                yield logical_id, properties[key], account
    for logical_id, properties in template.of_type("AWS::EKS::Addon"):
        if role := properties.get("ServiceAccountRoleArn"):
            yield logical_id, role, f"{ADDON_NAMESPACE}/{flatten(properties.get('AddonName'))}"
        for association in as_list(properties.get("PodIdentityAssociations")):
            account = f"{ADDON_NAMESPACE}/{flatten(association.get('ServiceAccount'))}"
            yield logical_id, association.get("RoleArn"), account
    for logical_id, values in helm_values(template):
        namespace = flatten(template.properties(logical_id).get("Namespace")) or "default"
        for role, account in _annotated(values or {}, ()):
            yield logical_id, role, f"{namespace}/{account}"
    for logical_id, applied in objects(template):
        for each in applied or []:
            namespace = (each.get("metadata") or {}).get("namespace", "default")
            for role, account in _annotated(each, ()):
                yield logical_id, role, f"{namespace}/{account}"


def _annotated(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Roles in annotations, at any depth, with the name beside them or else the place where they stand."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _annotated(item, (*path, str(index)))
    if not isinstance(node, dict):
        return
    annotations: Any = node.get("annotations")
    if isinstance(annotations, Mapping) and ROLE_ANNOTATION in annotations:
        yield flatten(annotations[ROLE_ANNOTATION]), flatten(node.get("name")) or ".".join(path)
    for key, value in node.items():
        yield from _annotated(value, (*path, str(key)))


def _role(template: Template, reference: Any) -> str:
    """A role's name, whether it is referred to or written as an ARN."""
    text = flatten(reference)
    made_here = template.referred_to(reference) or text.removesuffix(".Arn>").strip("<>")
    if template.type_of(made_here) == ROLE:
        return flatten(template.properties(made_here).get("RoleName")) or made_here
    found = ROLE_NAME.fullmatch(text)
    return found["name"] if found else text


RULES = (
    Rule(
        id="IAM11",
        title="One role for each controller",
        why="000: «Role assumed by EFS CSI to provision and attach EFS volumes»; 000: «Role assumed by load "
        "balancer controller to provision ELB»",
        fix="Give each service account a role of its own (WorkloadIdentity), and nodes none of a controller's "
        "permissions.",
        check=one_role_each,
    ),
)
