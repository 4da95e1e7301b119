"""Writes needs as the fewest statements that grant nothing else: by service, access level and condition."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from compute_plane.checks.actions import action
from compute_plane.permissions.assembly import Place
from compute_plane.permissions.need import QUALIFIERS, Need, block_of
from compute_plane.permissions.patterns import overlap

# Reading is one level here: the two that IAM tells apart would repeat the same resources.
VERBS = {"List": "Read", "Read": "Read", "Write": "Change", "Tagging": "Tag", "Permissions management": "Govern"}
NAMES = {
    "cloudformation": "Stacks",
    "elasticfilesystem": "FileSystems",
    "events": "EventRules",
    "kms": "Keys",
    "lambda": "Functions",
    "logs": "LogGroups",
    "rds": "Databases",
    "s3": "Buckets",
    "secretsmanager": "Secrets",
    "sqs": "Queues",
    "ssm": "Parameters",
}

Scope = tuple[frozenset[str], frozenset[str]]
"""Actions, and the resources on which each of them is needed."""


def statements(needs: Iterable[Need], place: Place) -> list[dict[str, Any]]:
    """Statements in a fixed order, each with a Sid of its own."""
    groups: dict[tuple[str, str, Any], dict[str, set[str]]] = {}
    for need in needs:
        service, level = need.action.partition(":")[0], _level(need.action)
        what = NAMES.get(service, service.title().replace("-", ""))
        sid = f"{VERBS[level]}{what}{need.label}" if need.label in QUALIFIERS else need.label
        groups.setdefault((service, sid, need.condition), {}).setdefault(need.action, set()).add(need.resource)
    written: list[dict[str, Any]] = []
    counted: dict[str, int] = {}
    for (_, sid, condition), resources in sorted(groups.items()):
        for actions, arns in _merged(resources, place):
            counted[sid] = counted.get(sid, 0) + 1
            statement = {
                "Sid": sid if counted[sid] == 1 else f"{sid}Part{counted[sid]}",
                "Effect": "Allow",
                "Action": sorted(actions),
                "Resource": "*" if "*" in arns else sorted(arns),
            }
            written.append(statement | ({"Condition": block_of(condition)} if condition else {}))
    return written


def _merged(resources: Mapping[str, set[str]], place: Place) -> list[Scope]:
    """Actions with the same resources share a statement, and so do those that cannot act on each other's."""
    alike: dict[frozenset[str], set[str]] = {}
    for name, arns in resources.items():
        alike.setdefault(frozenset(arns), set()).add(name)
    merged: list[Scope] = []
    for arns, actions in sorted(alike.items(), key=lambda each: sorted(each[1])):
        scope = frozenset(actions), arns
        host = next((each for each in merged if _harmless(each, scope, place) and _harmless(scope, each, place)), None)
        if host:
            merged[merged.index(host)] = host[0] | scope[0], host[1] | scope[1]
        else:
            merged.append(scope)
    return merged


def _harmless(one: Scope, other: Scope, place: Place) -> bool:
    """Whether no action of `one` can act on a resource that only `other` names."""
    added = other[1] - one[1]
    return "*" not in one[1] | added and not any(acts_on(name, arn, place) for name in one[0] for arn in added)


def acts_on(name: str, arn: str, place: Place) -> bool:
    """Whether an action has a type of resource that an ARN could be of."""
    known = action(name)
    formats = known.resource_arns if known else []
    return any(overlap(arn, re.sub(r"\$\{\w+\}", "*", place.filled(each))) for each in formats)


def _level(name: str) -> str:
    known = action(name)
    return known.access_level if known else "Write"
