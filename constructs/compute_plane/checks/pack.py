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

from compute_plane.checks.registry import all_rules
from compute_plane.checks.rule import PACK, Rule
from compute_plane.checks.template import Template

FAILING = ("error", "fatal")


class ComputePlaneChecks(NagPack):
    """`Validations.of(app).add_plugins(ComputePlaneChecks(app))`.

    A pack that walks the construct tree calls Python several times a construct; this one reads each template
    once, and so also sees what escape hatches and CDK's own custom resources put there.
    """

    def __init__(self, scope: IConstruct, *, account: str | None = None, rules: Sequence[Rule] | None = None) -> None:
        super().__init__(scope)
        self._pack_name = PACK
        self._account = account
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
            templates = {path: Template(json.loads(path.read_text(encoding="utf-8")), self._account) for path in paths}
        except Exception as error:
            return [_fatal(f"{PACK}-Templates", error)]
        return [violation for rule in self._rules for violation in _apply(rule, templates)]


def _apply(rule: Rule, templates: dict[Path, Template]) -> list[PolicyViolation]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    try:
        for path, template in templates.items():
            for finding in rule.check(template):
                found.setdefault(finding.detail, {})[(finding.logical_id, str(path))] = None
    except Exception as error:
        return [_fatal(rule.name, error)]
    return [
        PolicyViolation(
            rule_name=f"{rule.name}[{detail}]",
            description=f"{rule.title}. {rule.why}",
            fix=rule.fix,
            severity=rule.severity,
            violating_resources=[
                PolicyViolatingResource(resource_logical_id=logical_id, template_path=path, locations=["Properties"])
                for logical_id, path in places
            ],
        )
        for detail, places in found.items()
    ]


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
