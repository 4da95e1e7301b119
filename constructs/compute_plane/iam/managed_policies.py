"""Managed policies made from the policy documents: for what exceeds a role's inline limit, and for boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from compute_plane.iam.acknowledgements import acknowledge_rules
from compute_plane.iam.documents import load, placeholders
from compute_plane.iam.findings import acknowledge_wildcards, read_reasons
from compute_plane.iam.placeholders import DocumentError, Value
from compute_plane.iam.role import resolved
from compute_plane.names import Names


def managed_policies(
    scope: Construct,
    *,
    names: Names,
    documents: Sequence[str],
    values: Mapping[str, Value],
    roles: Sequence[iam.CfnRole] = (),
) -> list[iam.CfnManagedPolicy]:
    """One managed policy for each document, called after the plane and the document, attached to these roles.

    Each document takes the values it uses; a value that none of them uses is refused.
    """
    wanted = {document: placeholders(document) for document in documents}
    if unused := sorted(set(values).difference(*wanted.values())):
        raise DocumentError(f"none of {list(documents)} uses the given {unused}")
    return [
        _managed_policy(
            scope,
            names=names,
            document=document,
            values={name: value for name, value in values.items() if name in used},
            roles=roles,
        )
        for document, used in wanted.items()
    ]


def _managed_policy(
    scope: Construct, *, names: Names, document: str, values: Mapping[str, Value], roles: Sequence[iam.CfnRole]
) -> iam.CfnManagedPolicy:
    content = load(document, values=values)
    policy = iam.CfnManagedPolicy(
        scope,
        "".join(word.capitalize() for word in document.split("-")),
        managed_policy_name=names.managed_policy(document),
        policy_document=content,
        roles=[role.ref for role in roles] or None,
    )
    acknowledgements = [
        *acknowledge_wildcards(resolved(policy, {document: content}), read_reasons()["statements"]),
        *acknowledge_rules(policy, [document], values),
    ]
    if acknowledgements:
        Validations.of(policy).acknowledge(*acknowledgements)
    return policy
