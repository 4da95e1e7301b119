"""Runs a role's cases on policies that others publish for the same controller: how many attacks would they stop?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from compute_plane.iam.placeholders import PLACEHOLDER, POLICY_VARIABLE
from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import Policies, Policy, evaluate
from compute_plane.simulation.patterns import SimulationError

HEADER = (
    "| Role | Compared with | Attacks | Stopped by ours | Stopped by theirs | Other cluster | Untagged | Foreign |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
)


@dataclass(frozen=True)
class Comparison:
    """The attacks of one table, and the policies that somebody else publishes; `stopped` is by kind of attack."""

    role: str
    theirs: str
    attacks: Mapping[str, int]
    ours: int
    stopped: Mapping[str, int]

    @property
    def line(self) -> str:
        kinds = [f"{self.stopped[kind]} of {self.attacks[kind]}" for kind in ("other-cluster", "untagged", "foreign")]
        total, theirs = sum(self.attacks.values()), sum(self.stopped.values())
        return "| " + " | ".join([self.role, self.theirs, str(total), str(self.ours), str(theirs), *kinds]) + " |"


def compare(role: str, theirs: str, cases: Iterable[Case], documents: Sequence[Policy], cluster: str) -> Comparison:
    """`cases` are those of the role's own actions; both judge the same requests."""
    attacks = {
        kind: [case for case in cases if case.attack == kind] for kind in ("other-cluster", "untagged", "foreign")
    }
    attacks = {kind: [case for case in found if case.expected != "allowed"] for kind, found in attacks.items()}
    return Comparison(
        role=role,
        theirs=theirs,
        attacks={kind: len(found) for kind, found in attacks.items()},
        ours=sum(not evaluate(case.request, case.policies).allowed for found in attacks.values() for case in found),
        stopped={
            kind: sum(not _allowed(case, documents, cluster) for case in found) for kind, found in attacks.items()
        },
    )


def markdown(comparisons: Iterable[Comparison]) -> str:
    return "\n".join([*HEADER, *(each.line for each in comparisons)]) + "\n"


def filled(files: Iterable[Path], values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Published documents with their placeholders filled in; one without a value is an error."""
    documents: list[dict[str, Any]] = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        for name in {found for found in PLACEHOLDER.findall(text) if not found.startswith(POLICY_VARIABLE)}:
            if name not in values:
                raise SimulationError(f"{file.name}: no value for ${{{name}}}; known are {sorted(values)}")
            text = text.replace(f"${{{name}}}", values[name])
        documents.append(json.loads(text))
    return documents


def _allowed(case: Case, documents: Sequence[Policy], cluster: str) -> bool:
    """With the session tag that EKS Pod Identity gives, on which some published policies rely."""
    context = {**case.request.context, "aws:PrincipalTag/eks-cluster-name": cluster}
    policies = Policies(identity=documents, resource=case.policies.resource)
    return evaluate(replace(case.request, context=context), policies).allowed
