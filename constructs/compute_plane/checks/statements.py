"""Finds the policy statements of a template: what an identity may do, and who may assume or use what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

Kind = Literal["identity", "trust", "resource"]

ROLE = "AWS::IAM::Role"
KEY = "AWS::KMS::Key"
FILE_SYSTEM = "AWS::EFS::FileSystem"
HOLDERS_OF_INLINE_POLICIES = (ROLE, "AWS::IAM::User", "AWS::IAM::Group")
IDENTITY_POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
RESOURCE_POLICIES = {
    "AWS::ECR::Repository": "RepositoryPolicyText",
    FILE_SYSTEM: "FileSystemPolicy",
    KEY: "KeyPolicy",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
}

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

    @property
    def allows(self) -> bool:
        return self.body.get("Effect") == "Allow"

    @property
    def actions(self) -> list[str]:
        return [flatten(action) for action in as_list(self.body.get("Action"))]

    @property
    def resources(self) -> list[str]:
        return [flatten(resource) for resource in as_list(self.body.get("Resource"))]

    @property
    def principals(self) -> list[tuple[str, str]]:
        """Kinds and names; `"*"` alone is written as the AWS principal that it means."""
        principal = self.body.get("Principal")
        if isinstance(principal, dict):
            return [(kind, flatten(name)) for kind, names in principal.items() for name in as_list(names)]
        return [("AWS", flatten(name)) for name in as_list(principal)]

    def covers(self, action: str) -> bool:
        """Whether one of the actions is this one, or a pattern that matches it."""
        return any(_matches(pattern, action) for pattern in self.actions)

    def condition(self, operator: str, key: str) -> list[str]:
        """The values of a condition key, whose case does not matter."""
        tests = (self.body.get("Condition") or {}).get(operator) or {}
        return [flatten(value) for name in tests if name.lower() == key.lower() for value in as_list(tests[name])]


def statements(template: Template, *kinds: Kind) -> Iterator[Statement]:
    """All statements of these kinds, of every effect."""
    for logical_id, resource in template.resources.items():
        properties = resource.get("Properties") or {}
        for kind, document in documents(resource["Type"], properties):
            if kind in kinds:
                for body in _bodies(logical_id, document):
                    yield Statement(logical_id, resource["Type"], kind, body)


def _bodies(logical_id: str, document: Any) -> list[Mapping[str, Any]]:
    """Raises for a document whose statements CloudFormation would only know later: no rule may skip them."""
    bodies = as_list(document.get("Statement")) if isinstance(document, dict) else []
    if not bodies or not all(isinstance(body, dict) and "Effect" in body for body in bodies):
        raise ValueError(f"{logical_id}: the rules cannot read the statements of {flatten(document)}")
    return bodies


def allowed(template: Template, *kinds: Kind) -> Iterator[Statement]:
    return (statement for statement in statements(template, *kinds) if statement.allows)


def documents(resource_type: str, properties: Mapping[str, Any]) -> Iterator[tuple[Kind, Any]]:
    """The policy documents that a resource of this type holds."""
    if resource_type == ROLE:
        yield "trust", properties.get("AssumeRolePolicyDocument")
    if resource_type in HOLDERS_OF_INLINE_POLICIES:
        for policy in as_list(properties.get("Policies")):
            yield "identity", policy.get("PolicyDocument")
    if resource_type in IDENTITY_POLICIES:
        yield "identity", properties.get("PolicyDocument")
    if (held := RESOURCE_POLICIES.get(resource_type)) and held in properties:
        yield "resource", properties[held]


def permissions_of(template: Template, role: str) -> list[Statement]:
    """What a role of this template is allowed: inline, and by policies of the template attached to it."""
    return [
        statement
        for statement in allowed(template, "identity")
        if statement.logical_id == role or template.attached_to(role, template.properties(statement.logical_id))
    ]


def trusts(template: Template, role: str, service: str) -> bool:
    """Whether a service, named without its domain, may assume the role."""
    names = {f"{service}.amazonaws.com", f"{service}.<AWS::URLSuffix>"}
    return any(
        kind == "Service" and name in names
        for statement in allowed(template, "trust")
        if statement.logical_id == role
        for kind, name in statement.principals
    )


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
