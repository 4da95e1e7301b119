"""Says in which policy document a finding stands, so that its reader knows which file to open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template
from compute_plane.iam.documents import documents_with
from compute_plane.iam.flatten import as_list, flatten


def place(template: Template, finding: Finding) -> str:
    """`karpenter.json: TerminateOwnInstances`; empty for a finding that is about no statement."""
    if not finding.sid:
        return ""
    files = documents_with(finding.sid)
    held = set(_policy_names(template.properties(finding.logical_id)))
    named = [file for file in files if any(_is_of(file, policy) for policy in held)] or files
    where = " or ".join(f"{file}.json" for file in named) or "the statement"
    return f"{where}: {finding.sid}"


def _policy_names(properties: Any) -> Iterable[str]:
    """An inline policy has its document's name; a managed one has it after the cluster's."""
    for policy in as_list(properties.get("Policies")):
        yield flatten(policy.get("PolicyName"))
    for key in ("PolicyName", "ManagedPolicyName"):
        if key in properties:
            yield flatten(properties[key])


def _is_of(file: str, policy: str) -> bool:
    return policy == file or policy.endswith(f"-{file}")
