"""IAM23: secrets and parameters are reached by prefix, and by no process on a node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from compute_plane.checks.holders import ROLE
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import Statement, allowed, statements, trusts
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

READS_EVERY_PARAMETER = "AmazonSSMManagedInstanceCore"
DENIED_TO_NODES = ("ssm:GetParameter", "ssm:GetParameters")
"""What the AWS policy allows on every parameter of the account."""
SECRET = re.compile(r"secretsmanager:\w*Secret\w*|ssm:(Get|Put|Delete)Parameter\w*", re.IGNORECASE)
WITHOUT_RESOURCE = re.compile(r"secretsmanager:(ListSecrets|BatchGetSecretValue)", re.IGNORECASE)
READS = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParametersByPath")
"""What a pattern among the actions is tried on."""
NAMED = re.compile(r"(?:secret:|parameter/)[^*?]+(?:(?<=/)[*?].*|-\?{6})?")
"""The last part of an ARN: a name, or a wildcard below one. Secrets Manager ends names with six characters of its own.

`r*` is no prefix but the beginning of many."""
PUBLIC_PARAMETER = "parameter/aws/service/"
"""AWS's own parameters, which hold no secrets and have no account in their ARN."""


def by_prefix(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        for action in filter(_reaches_secrets, statement.actions):
            for resource in statement.resources or ["NotResource"]:
                if not _has_prefix(resource):
                    yield statement.finding(f"{action}::{resource}")
    for role, properties in template.of_type(ROLE):
        policies = [flatten(policy) for policy in as_list(properties.get("ManagedPolicyArns"))]
        if trusts(template, role, "ec2") and any(policy.endswith(READS_EVERY_PARAMETER) for policy in policies):
            for action in DENIED_TO_NODES:
                if not any(_denies(template, role, statement, action) for statement in _denials(template)):
                    yield Finding(role, f"Missing::Deny::{action}")


def _reaches_secrets(action: str) -> bool:
    if "*" in action or "?" in action:
        return any(fnmatchcase(read.lower(), action.lower()) for read in READS)
    return SECRET.fullmatch(action) is not None and not WITHOUT_RESOURCE.fullmatch(action)


def _has_prefix(resource: str) -> bool:
    """A reference names one secret; a wildcard before the name would reach all of them."""
    if resource.startswith("arn:"):
        parts = _parts(resource)
        public = len(parts) == 6 and parts[4] == "" and parts[5].startswith(PUBLIC_PARAMETER)
        return public or (len(parts) == 6 and NAMED.fullmatch(parts[5]) is not None)
    return not re.search(r"[*?]|NotResource", resource)


def _parts(arn: str) -> list[str]:
    """The six parts of an ARN; a pseudo parameter holds colons of its own."""
    return arn.replace("<AWS::", "<AWS.").split(":", 5)


def _denials(template: Template) -> Iterator[Statement]:
    return (statement for statement in statements(template, "identity") if not statement.allows)


def _denies(template: Template, role: str, statement: Statement, action: str) -> bool:
    """Always, and on every secret of the platform at least."""
    properties = template.properties(statement.logical_id)
    secret = f"parameter/{template.facts.secret_prefix}name"
    return (
        (statement.logical_id == role or template.attached_to(role, properties))
        and statement.covers(action)
        and not statement.body.get("Condition")
        and any(_covers_secret(resource, secret) for resource in statement.resources)
    )


def _covers_secret(resource: str, secret: str) -> bool:
    """In every region, because a node reads the parameters of any."""
    if resource == "*":
        return True
    parts = _parts(resource)
    return len(parts) == 6 and parts[3] in ("*", "") and fnmatchcase(secret, parts[5])


RULES = (
    Rule(
        id="IAM23",
        title="Secrets are reached by prefix, and not by nodes",
        why='001: «"arn:*:secretsmanager:*:*:secret:aws.cluster.x-k8s.io/*"»',
        fix="Name secrets and parameters with a literal prefix; beside AmazonSSMManagedInstanceCore on a node's "
        "role, deny reading parameters, without a condition.",
        check=by_prefix,
    ),
)
