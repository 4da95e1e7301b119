"""Calls that need several permissions at once: it is enough that one that every call needs is pinned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compute_plane.checks.actions import Action
from compute_plane.checks.arns import SECTIONS, pattern_of
from compute_plane.checks.own import is_own, is_own_account
from compute_plane.checks.pins import can_match, pinned_by_arn, pinned_by_condition, tests
from compute_plane.checks.statements import ROLE, Statement, allowed, permissions_of
from compute_plane.checks.template import Template

STARTS_FROM_IMAGES = ("ec2:RunInstances", "ec2:CreateFleet")
PUBLISHERS = {"amazon", "aws-marketplace"}
"""What EC2 says instead of an account as the owner of an image."""


def pinned_elsewhere(template: Template, statement: Statement, action: Action, resource: Any) -> bool:
    """Whether a resource may be anybody's because every such call also needs one that is pinned.

    Starting an instance needs the image, which is AWS's, and the instance, which is ours: only images and snapshots
    that are not this account's, and resources that must lie in our VPC where EC2 says so, may hide behind another.
    """
    image = action.name in STARTS_FROM_IMAGES and _is_image(template, statement, resource)
    if not image and not pinned_by_arn(template, statement, if_exists=True):
        return False
    peers = [peer for peer in _peers(template, statement) if peer.covers(action.name)]
    return any(
        kind.required and not can_match(template, resource, kind.arn) and _is_pinned(template, peers, kind.arn)
        for kind in action.resource_types
    )


def _is_image(template: Template, statement: Statement, resource: Any) -> bool:
    """An image or a snapshot of this account may hold a disk of another cluster, so it is none."""
    parts = pattern_of(template, resource).split(":", SECTIONS)
    if len(parts) <= SECTIONS or parts[SECTIONS - 1] != "":
        return False
    return any(
        test.key.lower() == "ec2:owner"
        and (
            (test.base == "StringEquals" and set(test.values) <= PUBLISHERS)
            or (
                test.operator == "StringNotEquals"
                and any(is_own_account(template.facts, pattern_of(template, value)) for value in test.values)
            )
        )
        for test in tests(statement)
    )


def _peers(template: Template, statement: Statement) -> Iterator[Statement]:
    """What the roles with this statement are allowed, or what stands beside it where no role has it."""
    held = [permissions_of(template, role) for role, _ in template.of_type(ROLE)]
    shared = [each for each in held if statement in each]
    if not shared:
        yield from (peer for peer in allowed(template, "identity") if peer.logical_id == statement.logical_id)
    for permissions in shared:
        yield from permissions


def _is_pinned(template: Template, peers: list[Statement], arn_format: str) -> bool:
    """Whether some statement covers resources of this kind, and only those of this plane."""
    covering = [
        (peer, resource) for peer in peers for _, resource in peer.targets if can_match(template, resource, arn_format)
    ]
    return bool(covering) and all(
        pinned_by_condition(template, peer) or is_own(template, resource) for peer, resource in covering
    )
