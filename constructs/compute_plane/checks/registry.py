"""All rules of the pack, in the order of their ids."""

from __future__ import annotations

from compute_plane.checks import cluster, deployment, instances, permissions, principals, queues, roles, sizes
from compute_plane.checks.rule import Rule

GROUPS = (cluster, deployment, instances, permissions, principals, queues, roles, sizes)


def all_rules() -> list[Rule]:
    rules = [rule for group in GROUPS for rule in group.RULES]
    return sorted(rules, key=lambda rule: _order(rule.id))


def _order(rule_id: str) -> tuple[str, int]:
    letters = rule_id.rstrip("0123456789")
    return letters, int(rule_id[len(letters) :])
