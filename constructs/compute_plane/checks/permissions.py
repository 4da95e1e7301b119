"""IAM1, IAM5, IAM6, IAM14: what a statement may allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ACCOUNT, KEY, PART, Statement, allowed, is_own_root
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

KEY_ARN = re.compile(rf"arn:{PART}:kms:{PART}:{ACCOUNT}:key/[^*?]+")
SERVICE_LINKED_ROLE = re.compile(r":role/aws-service-role/(?P<service>[^/*?]+)/")
FIXED_ENDING = re.compile(r":role/[^*?]*\*\.[^*?]+\Z")
"""`role/*.<suffix>`, or less than that: the tools that need it give every role of theirs this ending."""
PASS_ROLE = "iam:PassRole"
CREATE_SERVICE_LINKED_ROLE = "iam:CreateServiceLinkedRole"


def wildcard_actions(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity", "trust", "resource"):
        if "NotAction" in statement.body:
            yield statement.finding("NotAction")
        for action in statement.actions:
            if ("*" in action or "?" in action) and not _account_keeps_its_key(template, statement):
                for resource, _ in statement.targets or [("itself", None)]:
                    yield statement.finding(f"{action}::{resource}")


def _account_keeps_its_key(template: Template, statement: Statement) -> bool:
    """Without this statement nobody could manage the key: AWS Key Management Service asks for it."""
    names = [name for kind, name in statement.principals if kind == "AWS"]
    return (
        statement.resource_type == KEY
        and statement.actions == ["kms:*"]
        and len(names) == len(statement.principals) == 1
        and is_own_root(template, names[0])
    )


def pass_role(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if not statement.may(PASS_ROLE):
            continue
        for resource, _ in statement.targets:
            if re.search(r"[*?]|NotResource", resource) and not FIXED_ENDING.search(resource):
                yield statement.finding(f"{PASS_ROLE}::{resource}")
        if not _exact(statement, "iam:PassedToService"):
            yield statement.finding(f"{PASS_ROLE}::any service")


def service_linked_roles(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if not statement.may(CREATE_SERVICE_LINKED_ROLE):
            continue
        services = _exact(statement, "iam:AWSServiceName")
        if not services:
            yield statement.finding(f"{CREATE_SERVICE_LINKED_ROLE}::any service")
        for resource, _ in statement.targets:
            found = SERVICE_LINKED_ROLE.search(resource)
            if not found:
                yield statement.finding(f"{CREATE_SERVICE_LINKED_ROLE}::{resource}")
            elif services and services != [found["service"]]:
                yield statement.finding(f"{CREATE_SERVICE_LINKED_ROLE}::{resource} for {','.join(services)}")


def _exact(statement: Statement, key: str) -> list[str]:
    """The values of a condition that names services one by one; none where it holds a wildcard."""
    values = statement.condition("StringEquals", key) or statement.condition("StringLike", key)
    return [] if any(re.search(r"[*?]", value) for value in values) else values


def keys_by_arn(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        of_keys = [action for action in statement.actions if action.lower().startswith("kms:") or action == "*"]
        for action in [*of_keys, *(["NotAction"] if "NotAction" in statement.body else [])]:
            for written, resource in statement.targets:
                if not _is_key_arn(template, resource):
                    yield statement.finding(f"{action}::{written}")


def _is_key_arn(template: Template, resource: Any) -> bool:
    match resource:
        case {"Fn::GetAtt": [str() as logical_id, "Arn"]}:
            return template.type_of(logical_id) == KEY
        case {"Fn::ImportValue": _} | {"Fn::GetStackOutput": _}:
            return True  # one value of another stack, where it is an attribute and cannot be a pattern
        case _:
            return KEY_ARN.fullmatch(flatten(resource)) is not None


RULES = (
    Rule(
        id="IAM1",
        title="No wildcard in an allowed action",
        why='000: «"ec2:*",»; 003: «Action "ec2:Describe*",»',
        fix="List the actions. A key policy may give kms:* to the account itself.",
        check=wildcard_actions,
    ),
    Rule(
        id="IAM5",
        title="PassRole names roles and a service",
        why='001: «"arn:*:iam::*:role/*.cluster-api-provider-aws.sigs.k8s.io"»; '
        '001: «"iam:PassedToService": "eks.amazonaws.com"»',
        fix="Name the role's ARN, or role/*.<suffix>, and add StringEquals iam:PassedToService.",
        check=pass_role,
    ),
    Rule(
        id="IAM6",
        title="Service-linked roles are pinned",
        why='001: «"iam:AWSServiceName": "autoscaling.amazonaws.com"»; 001: '
        '«"arn:aws:iam::*:role/aws-service-role/eks-fargate-pods.amazonaws.com/AWSServiceRoleForAmazonEKSForFargate"»',
        fix="Name role/aws-service-role/<service>/… and the same service in StringEquals iam:AWSServiceName.",
        check=service_linked_roles,
    ),
    Rule(
        id="IAM14",
        title="KMS keys are named by ARN",
        why='000: «"Action": [ "kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey" ]»',
        fix="Use the key's ARN as the resource, not *, an alias or a pattern.",
        check=keys_by_arn,
    ),
)
