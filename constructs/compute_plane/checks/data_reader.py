"""IAM22: the data access layer lists and reads the configured buckets, by its role and by the policy it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.rendered import json_of
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import PART, permissions_of
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

READER = "-dal"
ON_BUCKET = "s3:ListBucket"
ON_OBJECTS = "s3:GetObject"
DECRYPT = "kms:Decrypt"
ARN = re.compile(rf"arn:{PART}:s3:::(?P<bucket>[^/]+)(?P<objects>/.*)?")
ROLE = re.compile(rf"arn:{PART}:iam::[^:]+:role/[^*?]+|<\w+\.Arn>")


def data_reader(template: Template) -> Iterator[Finding]:
    for role in template.roles_called(template.facts.data_reader_role, READER):
        for policy in as_list(template.properties(role).get("ManagedPolicyArns")):
            yield Finding(role, f"Policy::{flatten(policy)}")
        for statement in permissions_of(template, role):
            yield from (statement.finding(detail) for detail in _too_much(template, statement.body))
    for output, body in _printed(template):
        if body is None:
            yield Finding(output, "Unreadable")
            continue
        for detail in [*_too_much(template, body), *_readers(body)]:
            yield Finding(output, detail)


def _printed(template: Template) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """The statements that allow something, of each policy that an output prints for the owner of a bucket."""
    for output, properties in template.outputs.items():
        value = properties.get("Value")
        if '"Statement"' not in flatten(value):
            continue
        policy = json_of(value)
        for body in as_list(policy.get("Statement")) if isinstance(policy, dict) else [None]:
            if body is None or body.get("Effect") != "Deny":
                yield output, body


def _too_much(template: Template, body: Mapping[str, Any]) -> Iterator[str]:
    for key in ("NotAction", "NotResource"):
        if key in body:
            yield key
    for action in map(flatten, as_list(body.get("Action"))):
        if action not in (ON_BUCKET, ON_OBJECTS, DECRYPT):
            yield f"Action::{action}"
            continue
        for resource in map(flatten, as_list(body.get("Resource"))):
            if action != DECRYPT and not _is_configured(template, action, resource):
                yield f"{action}::{resource}"


def _is_configured(template: Template, action: str, resource: str) -> bool:
    """Listing names a bucket and reading its objects; document 004 has both on both, which grants nothing more."""
    found = ARN.fullmatch(resource)
    if not found or (action == ON_OBJECTS) != bool(found["objects"]):
        return False
    bucket = found["bucket"]
    known = template.facts.data_buckets
    return bucket in known if template.facts.cluster_name else not re.search(r"[*?]", bucket)


def _readers(body: Mapping[str, Any]) -> Iterator[str]:
    principal = body.get("Principal")
    names: list[Any] = as_list(principal.get("AWS")) if isinstance(principal, dict) else as_list(principal)
    for name in map(flatten, names or ["missing"]):
        if not ROLE.fullmatch(name):
            yield f"Principal::{name}"


RULES = (
    Rule(
        id="IAM22",
        title="The data reader reads the configured buckets",
        why='004: «"s3:ListBucket", "s3:GetObject"»',
        fix="s3:ListBucket on the buckets of data.reader.additional_data_buckets, s3:GetObject on their objects, "
        "kms:Decrypt on their keys; a printed bucket policy names the role.",
        check=data_reader,
    ),
)
