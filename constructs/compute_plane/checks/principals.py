"""IAM8: no role and no resource is open to the world, to another account, or to whom nobody can name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.identities import account_of, is_of_this_account
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.services import service_of
from compute_plane.checks.statements import (
    ACCOUNT,
    ACCOUNT_ROOT,
    FILE_SYSTEM,
    KEY,
    OWN_ACCOUNT,
    PART,
    Statement,
    allowed,
)
from compute_plane.checks.template import Template
from compute_plane.checks.variants import variants
from compute_plane.iam.flatten import flatten

LITERAL_ROLE = re.compile(rf"arn:{PART}:iam::{ACCOUNT}:role/[^*?<]+")
FUNCTION_URL = "AWS::Lambda::Url"
SOURCES = ("aws:SourceAccount", "aws:SourceArn", "kms:CallerAccount", "kms:EncryptionContext:aws:logs:arn")
"""Keys that say for whom a service acts. CloudWatch Logs names the log group in the context of encryption only."""
OPERATORS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
PASSED_ROLES = {"ec2", "edgelambda", "lambda", "pods.eks"}
"""Services that take a role only from who may pass it, and send no source; of `pods.eks` IAM10 asks more."""


def open_principals(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "trust", "resource"):
        if "NotPrincipal" in statement.body:
            yield statement.finding("NotPrincipal")
        for kind, principal in statement.named_principals:
            if wrong := _wrong(template, statement, kind, principal):
                yield statement.finding(f"{wrong}::{flatten(principal)}")
    for role, kinds in _kinds_of_principal(template).items():
        if len(kinds) > 1:
            yield Finding(role, f"Mixed::{'+'.join(sorted(kinds))}")
    for url, properties in template.of_type(FUNCTION_URL):
        for kind in sorted({flatten(variant) for variant in variants(properties.get("AuthType"))} - {"AWS_IAM"}):
            yield Finding(url, f"AuthType::{kind or 'missing'}")


def _wrong(template: Template, statement: Statement, kind: str, principal: Any) -> str | None:
    """What findings call it, or None."""
    name = flatten(principal)
    if name == "*":
        return None if kind == "AWS" and _narrowed_to_mounting_roles(template, statement) else "Principal"
    match kind:
        case "AWS":
            return _wrong_account(template, statement, principal)
        case "Service":
            return _wrong_service(template, statement, service_of(name))
        case "Federated":
            return None if statement.kind == "trust" else "Principal"  # of a role's, IAM10 speaks
        case _:
            return "Unresolved"


def _wrong_account(template: Template, statement: Statement, principal: Any) -> str | None:
    name, account = flatten(principal), account_of(template, principal)
    if account is None:
        return "Principal" if re.search(r"[*?]", name) else "Unresolved"
    if statement.kind == "resource" and account != OWN_ACCOUNT:
        return "Foreign"  # of a role's, IAM7 speaks
    if not ACCOUNT_ROOT.fullmatch(name) or statement.resource_type == KEY:
        return None
    agreed = statement.kind == "trust" and statement.condition("StringEquals", "sts:ExternalId")
    return None if agreed else "Principal"


def _wrong_service(template: Template, statement: Statement, service: str | None) -> str | None:
    if service is None:
        return "Unresolved"
    passed = statement.kind == "trust" and service in PASSED_ROLES
    return None if passed or _acts_for_us(template, statement) else "AnySource"


def _acts_for_us(template: Template, statement: Statement) -> bool:
    """Any customer of AWS can have a service call; what it calls for must be of this account."""
    given = ([value for each in OPERATORS for value in statement.values(each, key)] for key in SOURCES)
    return any(values and all(is_of_this_account(template, value) for value in values) for values in given)


def _narrowed_to_mounting_roles(template: Template, statement: Statement) -> bool:
    """The file system is made before the roles that mount it, so their names stand in a condition."""
    roles = statement.condition("ArnEquals", "aws:PrincipalArn")
    mounted = statement.condition("Bool", "elasticfilesystem:AccessedViaMountTarget")
    return (
        statement.resource_type == FILE_SYSTEM
        and bool(roles)
        and all(LITERAL_ROLE.fullmatch(role) and account_of(template, role) == OWN_ACCOUNT for role in roles)
        and mounted == ["true"]
    )


def _kinds_of_principal(template: Template) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for statement in allowed(template, "trust"):
        kinds.setdefault(statement.logical_id, set()).update(kind for kind, _ in statement.principals)
    return kinds


RULES = (
    Rule(
        id="IAM8",
        title="No open trust or resource policy",
        why="004: «Use that IAM Role as principal in IAM policy documents for the respective bucket policy.»",
        fix="Name roles of this account, or a service with aws:SourceAccount or aws:SourceArn of this account; nothing "
        "that only the deployment knows. Only a file system may say *, narrowed by ArnEquals aws:PrincipalArn to "
        "literal role ARNs of this account and by AccessedViaMountTarget. A function URL asks for AWS_IAM.",
        check=open_principals,
    ),
)
