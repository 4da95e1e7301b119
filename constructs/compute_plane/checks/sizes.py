"""IAM24: policies that AWS would refuse for their size, found before they are deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.documents import parsed
from compute_plane.checks.holders import ROLE, Kind, documents
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import statements
from compute_plane.checks.template import Template
from compute_plane.checks.variants import variants
from compute_plane.iam.flatten import as_list

MANAGED_POLICY = 6_144
TRUST_POLICY = 2_048
INLINE_POLICIES = {ROLE: 10_240, "AWS::IAM::Group": 5_120, "AWS::IAM::User": 2_048}
MOST_MANAGED_POLICIES = 10
LONGEST = {
    "AWS::AccountId": 12,
    "AWS::Partition": len("aws-us-gov"),
    "AWS::Region": len("ap-southeast-1"),
    "AWS::URLSuffix": len("amazonaws.com.cn"),
}
LONGEST_REFERENCE = 160
"""An ARN with a name of the greatest length: 64 for a role, 80 for a queue, 100 for a cluster."""


def policy_sizes(template: Template) -> Iterator[Finding]:
    for holder, properties in template.of_type(*INLINE_POLICIES):
        of_type = template.resources[holder]["Type"]
        trust = rendered_size(properties.get("AssumeRolePolicyDocument"))
        yield from _over(holder, "Trust", TRUST_POLICY, trust, _longest_statements(template, "trust", holder))
        inline = [document for kind, document in documents(of_type, properties) if kind == "identity"]
        attached = [
            policy
            for policy, held in template.of_type("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
            if template.attached_to(holder, held)
        ]
        inline += [template.properties(policy).get("PolicyDocument") for policy in attached]
        longest = _longest_statements(template, "identity", holder, *attached)
        yield from _over(holder, "Inline", INLINE_POLICIES[of_type], sum(map(rendered_size, inline)), longest)
        yield from _over(holder, "ManagedPolicies", MOST_MANAGED_POLICIES, _attached(template, holder))
    for policy, properties in template.of_type("AWS::IAM::ManagedPolicy"):
        size = rendered_size(properties.get("PolicyDocument"))
        yield from _over(policy, "Managed", MANAGED_POLICY, size, _longest_statements(template, "identity", policy))
    for policy, _ in template.of_type("AWS::IAM::UserPolicy"):
        yield Finding(policy, "UserPolicy")


def _attached(template: Template, holder: str) -> int:
    """How many managed policies a principal carries, whichever of the two sides names the other."""
    named = as_list(template.properties(holder).get("ManagedPolicyArns"))
    own = {template.referred_to(policy) for policy in named}
    others = [
        policy
        for policy, properties in template.of_type("AWS::IAM::ManagedPolicy")
        if policy not in own and template.attached_to(holder, properties)
    ]
    return len(named) + len(others)


def _over(logical_id: str, what: str, limit: int, size: int, sids: Iterator[str] | None = None) -> Iterator[Finding]:
    if size > limit:
        yield Finding(logical_id, f"{what}::{size}>{limit}", sid=next(sids, "") if sids else "")


def _longest_statements(template: Template, kind: Kind, *holders: str) -> Iterator[str]:
    """Sids, the longest statement's first: its document is the one to split."""
    held = [statement.body for statement in statements(template, kind) if statement.logical_id in holders]
    yield from (body.get("Sid", "") for body in sorted(held, key=rendered_size, reverse=True))


def rendered_size(document: Any) -> int:
    """Characters that IAM counts, which leaves white space out, with every token at its longest."""
    if document is None:
        return 0
    texts = [json.dumps(_rendered(parsed(variant)), ensure_ascii=False) for variant in variants(document)]
    return max(len(re.sub(r"\s", "", text)) for text in texts)


def _rendered(node: Any) -> Any:
    match node:
        case {"Fn::Join": [str() as delimiter, list() as items]}:
            return delimiter.join(str(_rendered(item)) for item in items)
        case str():
            return re.sub(r"<([^<>]+)>|\$\{([^}!]+)\}", lambda found: _longest(found[1] or found[2]), node)
        case {"Ref": str() as name}:
            return _longest(name)
        case dict():
            if len(node) == 1 and next(iter(node)).startswith("Fn::"):
                return "x" * LONGEST_REFERENCE
            return {key: _rendered(value) for key, value in node.items()}
        case list():
            return [_rendered(item) for item in node]
        case _:
            return node


def _longest(name: str) -> str:
    """A policy variable stays as it is, so it counts as it is written."""
    return f"${{{name}}}" if name.startswith("aws:") else "x" * LONGEST.get(name, LONGEST_REFERENCE)


RULES = (
    Rule(
        id="IAM24",
        title="Policies fit the limits of IAM",
        why="001: «These policies cannot be used as an inline policy, as it exceeds the 2048 non-whitespace "
        "character limit by AWS.»",
        fix="A managed policy holds 6,144 characters, all inline policies of a role 10,240, of a group 5,120, a trust "
        "policy 2,048, and a role 10 managed policies: split the role. Users get no policy.",
        check=policy_sizes,
    ),
)
