"""IAM24: policies that AWS would refuse for their size, found before they are deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ROLE, documents
from compute_plane.checks.template import Template

MANAGED_POLICY = 6_144
INLINE_POLICIES_OF_A_ROLE = 10_240
TRUST_POLICY = 2_048
LONGEST = {
    "AWS::AccountId": 12,
    "AWS::Partition": len("aws-us-gov"),
    "AWS::Region": len("ap-southeast-1"),
    "AWS::URLSuffix": len("amazonaws.com.cn"),
}
LONGEST_REFERENCE = 160
"""An ARN with a name of the greatest length: 64 for a role, 80 for a queue, 100 for a cluster."""


def policy_sizes(template: Template) -> Iterator[Finding]:
    for role, properties in template.of_type(ROLE):
        yield from _over(role, "Trust", TRUST_POLICY, rendered_size(properties.get("AssumeRolePolicyDocument")))
        inline = [document for kind, document in documents(ROLE, properties) if kind == "identity"]
        inline += [
            policy.get("PolicyDocument")
            for _, policy in template.of_type("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
            if template.attached_to(role, policy)
        ]
        yield from _over(role, "Inline", INLINE_POLICIES_OF_A_ROLE, sum(map(rendered_size, inline)))
    for policy, properties in template.of_type("AWS::IAM::ManagedPolicy"):
        yield from _over(policy, "Managed", MANAGED_POLICY, rendered_size(properties.get("PolicyDocument")))


def _over(logical_id: str, what: str, limit: int, size: int) -> Iterator[Finding]:
    if size > limit:
        yield Finding(logical_id, f"{what}::{size}>{limit}")


def rendered_size(document: Any) -> int:
    """Characters that IAM counts, which leaves white space out, with every token at its longest."""
    if document is None:
        return 0
    return len(re.sub(r"\s", "", json.dumps(_rendered(document))))


def _rendered(node: Any) -> Any:
    match node:
        case {"Fn::Join": [str() as delimiter, list() as items]}:
            return delimiter.join(str(_rendered(item)) for item in items)
        case {"Ref": str() as name}:
            return "x" * LONGEST.get(name, LONGEST_REFERENCE)
        case dict():
            if len(node) == 1 and next(iter(node)).startswith("Fn::"):
                return "x" * LONGEST_REFERENCE
            return {key: _rendered(value) for key, value in node.items()}
        case list():
            return [_rendered(item) for item in node]
        case _:
            return node


RULES = (
    Rule(
        id="IAM24",
        title="Policies fit the limits of IAM",
        why="001: «These policies cannot be used as an inline policy, as it exceeds the 2048 non-whitespace "
        "character limit by AWS.»",
        fix="A managed policy holds 6,144 characters, all inline policies of a role 10,240, a trust policy "
        "2,048: split the role.",
        check=policy_sizes,
    ),
)
