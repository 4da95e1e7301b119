"""Finds the policy statements of a template: what an identity may do, and who may assume or use what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from compute_plane.checks.actions import Action, matching
from compute_plane.checks.documents import bodies, documents_by_form
from compute_plane.checks.holders import FILE_SYSTEM, KEY, ROLE, Kind, documents, other_properties
from compute_plane.checks.rule import Finding
from compute_plane.checks.services import service_of
from compute_plane.checks.template import Template
from compute_plane.checks.variants import UnreadablePolicyError
from compute_plane.iam.flatten import as_list, flatten

__all__ = [
    "ACCOUNT",
    "ACCOUNT_ROOT",
    "FILE_SYSTEM",
    "KEY",
    "OWN_ACCOUNT",
    "PART",
    "ROLE",
    "Kind",
    "Statement",
    "allowed",
    "documents",
    "is_own_root",
    "permissions_of",
    "statements",
    "trusts",
]

PART = r"(?:[^:*?<]+|<AWS::[A-Za-z]+>)"
"""One part of an ARN: literal text, or a pseudo parameter as `flatten` writes it."""
ACCOUNT = r"(?:\d{12}|<AWS::AccountId>)"
OWN_ACCOUNT = "<AWS::AccountId>"
ACCOUNT_ROOT = re.compile(rf"arn:{PART}:iam::{ACCOUNT}:root|{ACCOUNT}")


@dataclass(frozen=True)
class Statement:
    """One statement, with the resource that holds it."""

    logical_id: str
    resource_type: str
    kind: Kind
    body: Mapping[str, Any]

    def finding(self, detail: str) -> Finding:
        """What is wrong with this statement, by its Sid, so that the message can name it."""
        return Finding(self.logical_id, detail, sid=self.body.get("Sid", ""))

    @property
    def allows(self) -> bool:
        return self.body.get("Effect") == "Allow"

    @cached_property
    def actions(self) -> list[str]:
        return [flatten(action) for action in as_list(self.body.get("Action"))]

    @cached_property
    def resources(self) -> list[str]:
        return [flatten(resource) for resource in as_list(self.body.get("Resource"))]

    @property
    def targets(self) -> list[tuple[str, Any]]:
        """Each resource as findings write it and as the template holds it; NotResource may be any other."""
        if "NotResource" in self.body:
            return [("NotResource", "*")]
        return list(zip(self.resources, as_list(self.body.get("Resource")), strict=True))

    def known_actions(self) -> Iterator[tuple[str, Action]]:
        """The actions of AWS that it covers, each with how it is written here; NotAction may be any action."""
        for written in ["*"] if "NotAction" in self.body else self.actions:
            for action in matching(written):
                yield written, action

    @property
    def named_principals(self) -> list[tuple[str, Any]]:
        """Kinds and names as the template holds them; `"*"` alone is written as the AWS principal that it means."""
        principal = self.body.get("Principal")
        by_kind = principal if isinstance(principal, dict) else {"AWS": principal}
        return [(kind, name) for kind, names in by_kind.items() for name in as_list(names)]

    @cached_property
    def principals(self) -> list[tuple[str, str]]:
        """Kinds and names, as findings write them."""
        return [(kind, flatten(name)) for kind, name in self.named_principals]

    def may(self, action: str) -> bool:
        """Whether it allows the action, be it by leaving it out of NotAction."""
        if "NotAction" in self.body:
            return not any(_matches(flatten(pattern), action) for pattern in as_list(self.body["NotAction"]))
        return self.covers(action)

    def covers(self, action: str) -> bool:
        """Whether one of the actions is this one, or a pattern that matches it."""
        return any(_matches(pattern, action) for pattern in self.actions)

    def condition(self, operator: str, key: str) -> list[str]:
        """The values of a condition key, as findings write them."""
        return [flatten(value) for value in self.values(operator, key)]

    def values(self, operator: str, key: str) -> list[Any]:
        """The values of a condition key, whose case does not matter, as the template holds them."""
        tests = (self.body.get("Condition") or {}).get(operator) or {}
        return [value for name in tests if name.lower() == key.lower() for value in as_list(tests[name])]


def statements(template: Template, *kinds: Kind) -> Iterator[Statement]:
    """All statements of these kinds, of every effect. Raises for a policy that cannot be read: none may be skipped."""
    return (statement for statement in _read(template) if statement.kind in kinds)


@lru_cache(maxsize=16)
def _read(template: Template) -> tuple[Statement, ...]:
    """Every rule asks for the statements of the same few templates."""
    return tuple(_statements(template))


def _statements(template: Template) -> Iterator[Statement]:
    for logical_id, resource in template.resources.items():
        properties: Mapping[str, Any] = resource.get("Properties") or {}
        held: list[tuple[Kind | None, Any]] = [
            *documents(resource["Type"], properties),
            *((None, document) for document in documents_by_form(other_properties(resource["Type"], properties))),
        ]
        for kind, document in held:
            for body in _bodies(template, logical_id, document):
                yield Statement(logical_id, resource["Type"], kind or _kind_by_form(body), body)


def _bodies(template: Template, logical_id: str, document: Any) -> list[dict[str, Any]]:
    try:
        return bodies(document, template.resources)
    except UnreadablePolicyError as error:
        raise UnreadablePolicyError(f"{logical_id}: {error}") from error


def _kind_by_form(body: Mapping[str, Any]) -> Kind:
    return "resource" if {"Principal", "NotPrincipal"} & set(body) else "identity"


def allowed(template: Template, *kinds: Kind) -> Iterator[Statement]:
    return (statement for statement in statements(template, *kinds) if statement.allows)


def permissions_of(template: Template, role: str) -> list[Statement]:
    """What a role of this template is allowed: inline, and by policies of the template attached to it."""
    named = as_list(template.properties(role).get("ManagedPolicyArns"))
    attached = {role, *(template.referred_to(policy) for policy in named)}
    return [
        statement
        for statement in allowed(template, "identity")
        if statement.logical_id in attached or template.attached_to(role, template.properties(statement.logical_id))
    ]


def trusts(template: Template, role: str, service: str) -> bool:
    """Whether a service, named without its domain, may assume the role; what may be any service, IAM8 reports."""
    return any(
        kind == "Service" and service_of(name) == service
        for statement in allowed(template, "trust")
        if statement.logical_id == role
        for kind, name in statement.principals
    )


@lru_cache(maxsize=4096)
def _matches(pattern: str, action: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, action, re.IGNORECASE) is not None


def is_own_root(template: Template, principal: str) -> bool:
    """Whether a principal is the account that the template is for, and no other one."""
    return any(
        re.fullmatch(rf"arn:{PART}:iam::{re.escape(account)}:root|{re.escape(account)}", principal)
        for account in (OWN_ACCOUNT, template.account)
        if account
    )
