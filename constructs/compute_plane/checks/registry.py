"""All rules of the pack, in the order of their ids."""

from __future__ import annotations

from compute_plane.checks import (
    access_entries,
    attached,
    cluster,
    controllers,
    data_reader,
    deployment,
    dns,
    escalation,
    external_ids,
    grants,
    handed_out,
    instances,
    naming,
    ownership,
    permissions,
    platform,
    principals,
    queues,
    real_names,
    resources,
    roles,
    sdk_calls,
    secrets,
    service_accounts,
    sizes,
    users,
)
from compute_plane.checks.rule import Rule

GROUPS = (
    access_entries,
    attached,
    cluster,
    controllers,
    data_reader,
    deployment,
    dns,
    escalation,
    external_ids,
    grants,
    handed_out,
    instances,
    naming,
    ownership,
    permissions,
    platform,
    principals,
    queues,
    real_names,
    resources,
    roles,
    sdk_calls,
    secrets,
    service_accounts,
    sizes,
    users,
)


def all_rules() -> list[Rule]:
    rules = [rule for group in GROUPS for rule in group.RULES]
    return sorted(rules, key=lambda rule: _order(rule.id))


def _order(rule_id: str) -> tuple[str, int]:
    letters = rule_id.rstrip("0123456789")
    return letters, int(rule_id[len(letters) :])
