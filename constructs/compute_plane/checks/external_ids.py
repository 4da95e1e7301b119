"""IAM7: another account takes a role only if it is configured, with the external ID that was agreed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.identities import account_of
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ACCOUNT, OWN_ACCOUNT, PART, Statement, allowed
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

SHORTEST = 2
"""IAM accepts no shorter one."""


def external_ids(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "trust"):
        named = _aws_principals(statement)
        principals = [flatten(each) for each in named if account_of(template, each) != OWN_ACCOUNT]
        given = statement.condition("StringEquals", "sts:ExternalId")
        for principal in principals:
            if not given:
                yield statement.finding(f"Missing::sts:ExternalId::{principal}")
            if not _is_configured(template, principal):
                yield statement.finding(f"NotConfigured::{principal}")
        if principals:
            yield from (statement.finding(detail) for value in given for detail in _weak(template, value))


def _aws_principals(statement: Statement) -> list[Any]:
    """Without `*`, of which IAM8 speaks."""
    return [name for kind, name in statement.named_principals if kind == "AWS" and name != "*"]


def _is_configured(template: Template, principal: str) -> bool:
    """A visitor of the configuration: any, where that is unknown. A number means the account's root."""
    account = re.fullmatch(ACCOUNT, principal)
    name = f"iam::{principal}:root" if account else re.sub(rf"^arn:{PART}:", "", principal)
    return not template.facts.cluster_name or name in template.facts.visitors


def _weak(template: Template, value: str) -> Iterator[str]:
    parameter = template.parameters.get(value.strip("<>")) if value.startswith("<") else None
    if parameter is not None:
        if parameter.get("Default"):
            yield f"Default::sts:ExternalId::{value}"
    elif len(value) < SHORTEST:
        yield f"Short::sts:ExternalId::{value}"
    elif template.facts.cluster_name and value not in template.facts.external_ids:
        yield f"NotConfigured::sts:ExternalId::{value}"


RULES = (
    Rule(
        id="IAM7",
        title="Another account needs an external ID",
        why="001: «Require External ID: Enable»",
        fix="Trust only the principals of iam.platform and iam.cross_account, with StringEquals sts:ExternalId and the "
        "external ID of the configuration, or a parameter that has no default.",
        check=external_ids,
    ),
)
