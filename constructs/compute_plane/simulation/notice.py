"""Who notices that a policy became worse: the rule pack, a case, or the list of what a role was asked to do."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Rule
from compute_plane.checks.template import Template
from compute_plane.simulation.assembly import Stack
from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import Policies, Policy, evaluate
from compute_plane.simulation.mutants import Mutant, mutants
from compute_plane.simulation.patterns import matches
from compute_plane.simulation.plane import Place

ATTACHED = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
Findings = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant; nobody noticed it when all three are false."""

    mutant: str
    rule: bool
    case: bool
    unasked: bool

    @property
    def noticed(self) -> bool:
        return self.rule or self.case or self.unasked


class Notice:
    """One document of a plane, where it stands, and the cases that it takes part in."""

    def __init__(
        self,
        stack: Stack,
        place: Place,
        document: Policy,
        cases: Sequence[Case],
        rules: Sequence[Rule],
        facts: PlaneFacts,
    ) -> None:
        self._stack, self._place, self._document, self._facts = stack, place, document, facts
        self._rules = rules
        self._cases = [case for case in cases if _takes_part(document, case.policies)]
        self._allowed = {case.request.action for case in self._cases if case.expected == "allowed"}
        self._resources = _surroundings(stack, place.logical_id)
        self._before = self._findings(self._resources)

    def verdicts(self) -> list[Verdict]:
        held = self._held(self._resources)
        document: Policy = held if "Statement" in held else self._stack.resolve.document(held)
        return [self._verdict(mutant) for mutant in mutants(document)]

    def _verdict(self, mutant: Mutant) -> Verdict:
        resources = copy.deepcopy(dict(self._resources))
        self._put(resources, mutant.document)
        resolved = self._stack.resolve.document(mutant.document)
        concerned = [case for case in self._cases if _is_of(mutant.actions, case.request.action)]
        return Verdict(
            mutant=mutant.what,
            rule=bool(self._findings(resources) - self._before),
            case=any(self._flips(case, resolved) for case in concerned),
            unasked=" and " in mutant.what and mutant.actions[-1] not in self._allowed,
        )

    def _flips(self, case: Case, resolved: Policy) -> bool:
        changed = Policies(
            identity=[resolved if policy is self._document else policy for policy in case.policies.identity],
            boundary=case.policies.boundary,
            resource=resolved if case.policies.resource is self._document else case.policies.resource,
        )
        return not case.expects(evaluate(case.request, changed))

    def _findings(self, resources: Mapping[str, Any]) -> Findings:
        template = Template({**self._stack.content, "Resources": resources}, self._facts)
        return frozenset((rule.id, finding.detail) for rule in self._rules for finding in rule.check(template))

    def _held(self, resources: Mapping[str, Any]) -> Any:
        held = resources[self._place.logical_id]["Properties"][self._place.property]
        return held if self._place.index is None else held[self._place.index]["PolicyDocument"]

    def _put(self, resources: dict[str, Any], document: Policy) -> None:
        properties = resources[self._place.logical_id]["Properties"]
        if self._place.index is None:
            properties[self._place.property] = document
        else:
            properties[self._place.property][self._place.index]["PolicyDocument"] = document


def _takes_part(document: Policy, policies: Policies) -> bool:
    return policies.resource is document or any(policy is document for policy in policies.identity)


def _is_of(patterns: Sequence[str], action: str) -> bool:
    return any(matches(pattern, action, {}, ignore_case=True) for pattern in patterns)


def _surroundings(stack: Stack, logical_id: str) -> dict[str, Any]:
    """A resource with the policies attached to it, and all that they refer to: what the rules need to see."""
    template = Template(stack.content)
    found = {
        logical_id,
        *(each for each, properties in template.of_type(*ATTACHED) if template.attached_to(logical_id, properties)),
    }
    waiting = list(found)
    while waiting:
        for name in _named(stack.resources[waiting.pop()]):
            if name in stack.resources and name not in found:
                found.add(name)
                waiting.append(name)
    return {name: stack.resources[name] for name in found}


def _named(value: Any) -> set[str]:
    """Every text in a value: names that are logical ids are among them."""
    if isinstance(value, str):
        return {value}
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
    return {name for part in parts for name in _named(part)}
