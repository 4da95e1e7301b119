"""The pack inside a real synthesis: what fails it, what is acknowledged, and that it fails closed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_iam as iam

from compute_plane.checks import ComputePlaneChecks, unused_acknowledgements
from compute_plane.checks.registry import all_rules
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.table import DOCUMENT, rules_table
from compute_plane.checks.template import Template

PATTERN = "s3:ListBucket*"
BUCKET = "arn:aws:s3:::bucket"
FOUND = f"ComputePlane-IAM1[{PATTERN}::{BUCKET}]"
WIDE = f"ComputePlane::{FOUND}"


def app_with_wide_policy(folder: Path, *acknowledged: str, rules: list[Rule] | None = None) -> App:
    app = App(outdir=str(folder), builtin_cloud_formation_validation=False)
    policy = iam.ManagedPolicy(
        Stack(app, "Stack"), "Wide", statements=[iam.PolicyStatement(actions=[PATTERN], resources=[BUCKET])]
    )
    for id in acknowledged:
        Validations.of(policy).acknowledge(Acknowledgment(id=id, reason="A test needs it."))
    Validations.of(app).add_plugins(ComputePlaneChecks(app, rules=rules))
    return app


def report(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "validation-report.json").read_text())["pluginReports"][0]


def test_a_finding_fails_the_synthesis_and_names_the_construct(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="No wildcard in an allowed action"):
        app_with_wide_policy(tmp_path).synth()

    written = report(tmp_path)
    assert written["conclusion"] == "failure"
    assert [
        (violation["ruleName"], violation["severity"], violation["violatingConstructs"][0]["constructPath"])
        for violation in written["violations"]
    ] == [(FOUND, "error", "Stack/Wide/Resource")]


def test_an_acknowledged_finding_passes_and_stays_in_the_report_with_its_reason(tmp_path: Path) -> None:
    app_with_wide_policy(tmp_path, WIDE).synth()

    written = report(tmp_path)
    assert written["conclusion"] == "success"
    assert [(one["acknowledgedId"], one["reason"]) for one in written["suppressedViolations"]] == [
        (WIDE, "A test needs it.")
    ]


def test_an_acknowledgement_that_answers_nothing_is_found(tmp_path: Path) -> None:
    stale = "ComputePlane::ComputePlane-IAM1[s3:*::*]"

    app_with_wide_policy(tmp_path, WIDE, stale).synth()

    assert unused_acknowledgements(tmp_path) == [f"Stack/Wide: {stale}"]


def test_unused_acknowledgements_wants_an_assembly_that_was_checked(tmp_path: Path) -> None:
    App(outdir=str(tmp_path), builtin_cloud_formation_validation=False).synth()

    with pytest.raises(FileNotFoundError, match="synthesize with a rule pack first"):
        unused_acknowledgements(tmp_path)


def broken(template: Template) -> Iterator[Finding]:
    raise KeyError(f"no such thing among {len(template.resources)} resources")


def test_a_rule_that_breaks_fails_the_synthesis_and_cannot_be_acknowledged(tmp_path: Path) -> None:
    rule = Rule(id="X1", title="Broken", why="A test.", fix="None.", check=broken)

    with pytest.raises(RuntimeError, match="The rule broke"):
        app_with_wide_policy(tmp_path, "ComputePlane::ComputePlane-X1", rules=[rule]).synth()

    written = report(tmp_path)
    assert written["conclusion"] == "failure"
    (violation,) = written["violations"]
    assert (violation["ruleName"], violation["severity"]) == ("ComputePlane-X1", "fatal")
    assert "KeyError" in violation["description"]


def test_the_other_rules_still_report_beside_a_broken_one(tmp_path: Path) -> None:
    rule = Rule(id="X1", title="Broken", why="A test.", fix="None.", check=broken)

    with pytest.raises(RuntimeError):
        app_with_wide_policy(tmp_path, rules=[rule, *all_rules()]).synth()

    names = {violation["ruleName"] for violation in report(tmp_path)["violations"]}
    assert names == {"ComputePlane-X1", FOUND}


def test_a_policy_that_nobody_can_read_is_one_error(tmp_path: Path) -> None:
    app = app_with_wide_policy(tmp_path)
    [policy] = [each for each in app.node.find_all() if isinstance(each, iam.CfnManagedPolicy)]
    policy.add_property_override("PolicyDocument", {"Ref": "AWS::NotificationARNs"})

    with pytest.raises(RuntimeError, match="the rules cannot read the statements of <AWS::NotificationARNs>"):
        app.synth()

    assert [(each["ruleName"], each["severity"]) for each in report(tmp_path)["violations"]] == [
        ("ComputePlane-Templates", "fatal")
    ]


def test_the_pack_sees_what_an_escape_hatch_writes(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    policy = iam.ManagedPolicy(
        Stack(app, "Stack"),
        "Narrow",
        statements=[iam.PolicyStatement(actions=["s3:ListBucket"], resources=[BUCKET])],
    )
    resource = policy.node.default_child
    assert isinstance(resource, iam.CfnManagedPolicy)
    resource.add_property_override("PolicyDocument.Statement.0.Action", PATTERN)
    Validations.of(app).add_plugins(ComputePlaneChecks(app))

    with pytest.raises(RuntimeError):
        app.synth()

    assert [violation["ruleName"] for violation in report(tmp_path)["violations"]] == [FOUND]


def test_every_rule_has_an_id_of_its_own_and_says_why_and_how() -> None:
    rules = all_rules()

    assert len(rules) == len({rule.id for rule in rules})
    assert {f"IAM{number}" for number in range(1, 30)} <= {rule.id for rule in rules}
    assert all(rule.title and rule.why and rule.fix for rule in rules)


def test_the_generated_table_of_rules_is_not_stale() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == rules_table(), "run `make docs`"
    assert all(f"| {rule.name} |" in rules_table() for rule in all_rules())
