"""PIN2: the managed policies that a role carries are known, and a workload's are this plane's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compute_plane.checks.own import is_own
from compute_plane.checks.real_names import PRINCIPALS, managed_policies
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import allowed
from compute_plane.checks.template import Template

MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
PODS = "pods.eks."


def attached_policies(template: Template) -> Iterator[Finding]:
    workloads = _workload_roles(template)
    for logical_id, properties in template.of_type(*PRINCIPALS):
        for policy in managed_policies(properties):
            # Whether AWS has a policy of this name, IAM4 says.
            known = policy.path is not None and logical_id not in workloads
            if not known and not _is_ours(template, policy.source):
                yield Finding(logical_id, f"Policy::{policy.path or policy.name}")


def _workload_roles(template: Template) -> set[str]:
    """Those that service accounts take, by Pod Identity or by a provider of identities."""
    return {
        statement.logical_id
        for statement in allowed(template, "trust")
        for kind, name in statement.principals
        if kind == "Federated" or (kind == "Service" and name.lower().startswith(PODS))
    }


def _is_ours(template: Template, policy: Any) -> bool:
    """A managed policy of this template, or what another of our stacks puts out; a parameter may be any policy."""
    logical_id = template.referred_to(policy)
    return template.type_of(logical_id) == MANAGED_POLICY if logical_id else is_own(template, policy)


RULES = (
    Rule(
        id="PIN2",
        title="Roles carry known managed policies, and workloads only this plane's own",
        why="AWS writes its policies for every cluster of an account; and what a policy grants that is not in the "
        "template, no rule can read",
        fix="Write the policy as a document of the role, or attach an AWS::IAM::ManagedPolicy of the same template; "
        "name a policy of AWS literally, on the roles of nodes, cluster and functions only.",
        check=attached_policies,
    ),
)
