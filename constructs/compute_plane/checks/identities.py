"""Whose a principal or a resource is: this account's, another one's, or nobody can say before the deployment."""

from __future__ import annotations

import re
from typing import Any

from compute_plane.checks.statements import ACCOUNT, OWN_ACCOUNT, PART
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

PRINCIPAL = re.compile(rf"(?:arn:{PART}:(?:iam|sts)::)?(?P<account>{ACCOUNT})(?::[^*?]+)?")
RESOURCE = re.compile(rf"(?:arn:{PART}:[\w-]+:(?:{PART}|\*)?:)?(?P<account>{ACCOUNT})(?::.+)?")
HAVE_ARNS = ("AWS::IAM::Role", "AWS::IAM::User")


def account_of(template: Template, principal: Any) -> str | None:
    """`OWN_ACCOUNT`, the number of another account, or None for what the template does not show."""
    if is_output(principal) or _is_made_here(template, principal):
        return OWN_ACCOUNT
    return _account(template, PRINCIPAL.fullmatch(flatten(principal)))


def is_of_this_account(template: Template, value: Any) -> bool:
    """Whether an account id, or the ARN of a resource, is of the account that the template is for."""
    if is_output(value) or template.referred_to(value):
        return True
    return _account(template, RESOURCE.fullmatch(flatten(value))) == OWN_ACCOUNT


def is_output(value: Any) -> bool:
    """What another stack of the same account puts out: an export never leaves its account."""
    match value:
        case {"Fn::ImportValue": _}:
            return True
        case {"Fn::GetStackOutput": dict() as output}:
            return "RoleArn" not in output
        case _:
            return False


def _is_made_here(template: Template, principal: Any) -> bool:
    logical_id = template.referred_to(principal)
    return logical_id is not None and template.type_of(logical_id) in HAVE_ARNS


def _account(template: Template, found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return OWN_ACCOUNT if found["account"] in (OWN_ACCOUNT, template.account) else found["account"]
