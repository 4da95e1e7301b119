"""IAM8 and IAM10: who may assume a role or use a resource."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import (
    ACCOUNT,
    ACCOUNT_ROOT,
    FILE_SYSTEM,
    KEY,
    PART,
    Statement,
    allowed,
    is_own_root,
)
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

LITERAL_ROLE = re.compile(rf"arn:{PART}:iam::{ACCOUNT}:role/[^*?<]+")
ONE_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:[^:*?]+:[^:*?]+")
POD_IDENTITY = {
    "aws:SourceAccount",
    "aws:RequestTag/eks-cluster-name",
    "aws:RequestTag/kubernetes-namespace",
    "aws:RequestTag/kubernetes-service-account",
}


def open_principals(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "trust", "resource"):
        if "NotPrincipal" in statement.body:
            yield Finding(statement.logical_id, "NotPrincipal")
        for kind, name in statement.principals:
            if _is_open(template, statement, kind, name):
                yield Finding(statement.logical_id, f"Principal::{name}")
    for role, kinds in _kinds_of_principal(template).items():
        if len(kinds) > 1:
            yield Finding(role, f"Mixed::{'+'.join(sorted(kinds))}")


def _is_open(template: Template, statement: Statement, kind: str, name: str) -> bool:
    if kind != "AWS":
        return name == "*"
    if name == "*":
        return not _narrowed_to_mounting_roles(statement)
    if not ACCOUNT_ROOT.fullmatch(name):
        return False
    if statement.resource_type == KEY:
        return not is_own_root(template, name)
    return not statement.condition("StringEquals", "sts:ExternalId")


def _narrowed_to_mounting_roles(statement: Statement) -> bool:
    """The file system is made before the roles that mount it, so their names stand in a condition."""
    roles = statement.condition("ArnEquals", "aws:PrincipalArn")
    mounted = statement.condition("Bool", "elasticfilesystem:AccessedViaMountTarget")
    return (
        statement.resource_type == FILE_SYSTEM
        and bool(roles)
        and all(LITERAL_ROLE.fullmatch(role) for role in roles)
        and mounted == ["true"]
    )


def _kinds_of_principal(template: Template) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for statement in allowed(template, "trust"):
        kinds.setdefault(statement.logical_id, set()).update(kind for kind, _ in statement.principals)
    return kinds


def one_service_account(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "trust"):
        for kind, name in statement.principals:
            if kind == "Federated" and statement.covers("sts:AssumeRoleWithWebIdentity"):
                details = _web_identity(template, statement)
            elif kind == "Service" and name == "pods.eks.amazonaws.com":
                details = _pod_identity(statement)
            else:
                continue
            for detail in details:
                yield Finding(statement.logical_id, detail)


def _pod_identity(statement: Statement) -> Iterator[str]:
    for key in sorted(POD_IDENTITY):
        values = statement.condition("StringEquals", key)
        if len(values) != 1:
            yield f"{'Several' if values else 'Missing'}::{key}"
    for action in sorted(set(statement.actions) - {"sts:AssumeRole", "sts:TagSession"}):
        yield f"Action::{action}"


def _web_identity(template: Template, statement: Statement) -> Iterator[str]:
    claims = _claims(template, (statement.body.get("Condition") or {}).get("StringEquals"))
    if claims.get("aud") != ["sts.amazonaws.com"]:
        yield "Audience::" + ",".join(claims.get("aud", ["missing"]))
    subjects = claims.get("sub", ["missing"])
    if len(subjects) != 1 or not ONE_SERVICE_ACCOUNT.fullmatch(subjects[0]):
        yield "Subject::" + ",".join(subjects)


def _claims(template: Template, tests: Any) -> dict[str, list[str]]:
    """The issuer is a token, so CDK lets a custom resource of its own write these keys as JSON text."""
    source = template.referred_to(tests)
    if source and template.type_of(source) == "Custom::AWSCDKCfnJson":
        text = flatten(template.properties(source).get("Value"))
        pairs = re.findall(r':(sub|aud)":("[^"]*"|\[[^\]]*\])', text)
        return {claim: as_list(json.loads(value)) for claim, value in pairs}
    if not isinstance(tests, dict):
        return {}
    return {key.rpartition(":")[2]: [flatten(value) for value in as_list(values)] for key, values in tests.items()}


RULES = (
    Rule(
        id="IAM8",
        title="No open trust or resource policy",
        why="004: «Use that IAM Role as principal in IAM policy documents for the respective bucket policy.»",
        fix="Name the roles or the service. Only a file system may say *, narrowed by ArnEquals "
        "aws:PrincipalArn to literal role ARNs and by AccessedViaMountTarget.",
        check=open_principals,
    ),
    Rule(
        id="IAM10",
        title="A workload role is trusted to one service account",
        why="003: «The role allows the EBS CSI controller to assume a specific IAM role with OIDC (OpenID "
        "Connect) authentication»; 004: «get the ARN of the dedicated IAM role for the DAL service account»",
        fix="StringEquals on the source account, cluster, namespace and service account; for OIDC on aud and sub.",
        check=one_service_account,
    ),
)
