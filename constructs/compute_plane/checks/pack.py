"""Attaches the rules to the synthesis as a cdk-nag rule pack that reads the finished templates."""

from __future__ import annotations

import json
import traceback
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import (
    CfnResource,
    IPolicyValidationContext,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)
from cdk_nag import NagPack
from constructs import IConstruct

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.places import place
from compute_plane.checks.registry import all_rules
from compute_plane.checks.rule import PACK, Finding, Rule
from compute_plane.checks.statements import statements
from compute_plane.checks.template import NO_FACTS, Template

FAILING = ("error", "fatal")


class ComputePlaneChecks(NagPack):
    """`Validations.of(app).add_plugins(ComputePlaneChecks(app, facts=PlaneFacts.of(config, account)))`.

    A pack that walks the construct tree calls Python several times a construct; this one reads each template
    once, and so also sees what escape hatches and CDK's own custom resources put there.
    """

    def __init__(self, scope: IConstruct, *, facts: PlaneFacts = NO_FACTS, rules: Sequence[Rule] | None = None) -> None:
        super().__init__(scope)
        self._pack_name = PACK
        self._facts = facts
        self._rules = all_rules() if rules is None else list(rules)

    @property
    def name(self) -> str:
        return PACK

    @property
    def version(self) -> str:
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        return [rule.name for rule in self._rules]

    def _check_resource(self, node: CfnResource) -> None:
        """NagPack declares it abstract, and calls it from the `validate` that is replaced below."""
        raise NotImplementedError("ComputePlaneChecks reads templates, not constructs")

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        violations = self._violations([Path(path) for path in context.template_paths])
        return PolicyValidationPluginReport(
            success=not any(violation.severity in FAILING for violation in violations), violations=violations
        )

    def _violations(self, paths: Sequence[Path]) -> list[PolicyViolation]:
        """Catches everything: the CDK CLI takes a plugin that throws for one that found nothing."""
        try:
            templates = {path: Template(json.loads(path.read_text(encoding="utf-8")), self._facts) for path in paths}
            # A policy that nobody can read would break every rule: one error says it.
            for template in templates.values():
                list(statements(template, "identity", "trust", "resource"))
        except Exception as error:
            return [_fatal(f"{PACK}-Templates", error)]
        return [violation for rule in self._rules for violation in _apply(rule, templates)]


def _apply(rule: Rule, templates: dict[Path, Template]) -> list[PolicyViolation]:
    found: dict[str, list[tuple[Path, Finding]]] = {}
    try:
        for path, template in templates.items():
            for finding in rule.check(template):
                found.setdefault(finding.detail, []).append((path, finding))
        return [_violation(rule, detail, found[detail], templates) for detail in found]
    except Exception as error:
        return [_fatal(rule.name, error)]


def _violation(
    rule: Rule, detail: str, findings: Sequence[tuple[Path, Finding]], templates: dict[Path, Template]
) -> PolicyViolation:
    """One violation for all that share a detail, because that is what can be acknowledged."""
    places = sorted({place(templates[path], finding) for path, finding in findings} - {""})
    where = f" In {'; '.join(places)}." if places else ""
    return PolicyViolation(
        rule_name=f"{rule.name}[{detail}]",
        description=f"{rule.title}, but: {detail}.{where} {rule.why}",
        fix=rule.fix,
        severity=rule.severity,
        violating_resources=[
            PolicyViolatingResource(resource_logical_id=logical_id, template_path=path, locations=["Properties"])
            for logical_id, path in dict.fromkeys((finding.logical_id, str(path)) for path, finding in findings)
        ],
    )


def _fatal(rule_name: str, error: Exception) -> PolicyViolation:
    """Nobody can acknowledge a fatal violation, so a broken rule stops the synthesis."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return PolicyViolation(
        rule_name=rule_name,
        description=f"The rule broke, so nothing is known: {type(error).__name__}: {error} "
        f"({Path(place.filename).name}:{place.lineno})",
        severity="fatal",
        violating_resources=[PolicyViolatingResource(construct_path="", locations=[])],
    )
