"""IAM15: a grant hands a key on, so only AWS services may receive one."""

from __future__ import annotations

from collections.abc import Iterator

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import Statement, allowed, is_own_root
from compute_plane.checks.template import Template


def grants_for_services(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity", "resource"):
        if not statement.covers("kms:CreateGrant") or not _is_about_keys(template, statement):
            continue
        if statement.condition("Bool", "kms:GrantIsForAWSResource") != ["true"]:
            for resource in statement.resources or ["NotResource"]:
                yield statement.finding(f"kms:CreateGrant::{resource}")


def _is_about_keys(template: Template, statement: Statement) -> bool:
    """Not the statement by which a key policy leaves the key to the account's own IAM policies."""
    if statement.kind == "identity":
        return True
    return statement.resource_type.startswith("AWS::KMS::") and not all(
        kind == "AWS" and is_own_root(template, name) for kind, name in statement.principals
    )


RULES = (
    Rule(
        id="IAM15",
        title="Grants on keys are for AWS services",
        why="000: «Perform disk encryption»",
        fix="Add Bool kms:GrantIsForAWSResource: true to the statement that allows kms:CreateGrant.",
        check=grants_for_services,
    ),
)
