"""Mutants are made of every statement, and each way of noticing one works on its own."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.simulation.evaluator import evaluate
from compute_plane.simulation.mutants import mutants
from compute_plane.simulation.notice import Notice, Verdict
from compute_plane.simulation.plane import Held, Role
from compute_plane.simulation.suite import Suite

MakeSuite = Callable[..., Suite]
OWN = {"does": "ec2:TerminateInstances", "on": "instance", "is": "allowed"}


def reader(suite: Suite) -> Role:
    [role] = suite.plane.roles
    return role


def trust_of(suite: Suite) -> Held:
    trust = reader(suite).trust
    assert trust is not None
    return trust


def verdicts(suite: Suite, held: Held, *rules: Rule) -> dict[str, Verdict]:
    stack = suite.plane.assembly.stack(held.place.stack)
    cases = [case for cases in suite.cases.values() for case in cases]
    return {
        each.mutant: each for each in Notice(stack, held.place, held.document, cases, rules, PlaneFacts()).verdicts()
    }


def test_every_statement_is_made_worse_in_every_way(suite: MakeSuite) -> None:
    [held] = reader(suite()).policies

    made = [mutant.what for mutant in mutants(held.document)]

    assert made == [
        "TerminateOwnInstances: without StringEquals aws:ResourceTag/owner",
        "TerminateOwnInstances: without StringEquals aws:ResourceTag/pool",
        "TerminateOwnInstances: resource 0 is *",
        "TerminateOwnInstances: resource 0 is arn:aws:ec2:*:*:*",
        "TerminateOwnInstances: and ec2:DeleteTags",
        "ReadJobs: resource 0 is *",
        "ReadJobs: resource 0 is arn:aws:sqs:*:*:*",
        "ReadJobs: and sqs:DeleteMessage",
        "NeverDelete: denies nothing any more",
    ]


def test_a_mutant_differs_from_its_policy_in_one_statement(suite: MakeSuite) -> None:
    [held] = reader(suite()).policies
    statements: list[Any] = held.document["Statement"]

    for mutant in mutants(held.document):
        pairs = list(zip(statements, mutant.document["Statement"], strict=True))
        assert len([1 for before, after in pairs if before != after]) == 1, mutant.what


def test_a_trust_policy_is_opened_to_everybody(suite: MakeSuite) -> None:
    made = [mutant.what for mutant in mutants(trust_of(suite()).document)]

    assert "AssumedByOneServiceAccount: for everybody" in made
    assert len([what for what in made if "without StringEquals" in what]) == 5


def test_the_attacks_on_the_trust_notice_every_condition_that_is_dropped(suite: MakeSuite) -> None:
    made = suite()

    assert all(case.expects(evaluate(case.request, case.policies)) for case in made.cases["reader"])
    dropped = [each for what, each in verdicts(made, trust_of(made)).items() if "without" in what]
    assert len(dropped) == 5
    assert all(each.case for each in dropped)


@pytest.mark.parametrize(
    ("attack", "dropped", "other"),
    [
        ({"of": "another cluster"}, "owner", "pool"),
        ({"tags": {"owner": "CLUSTER"}}, "pool", "owner"),
    ],
)
def test_a_case_notices_the_condition_that_it_is_about(attack: Any, dropped: str, other: str, suite: MakeSuite) -> None:
    made = suite(OWN, OWN | attack | {"is": "denied"})

    [held] = reader(made).policies
    found = verdicts(made, held)

    assert found[f"TerminateOwnInstances: without StringEquals aws:ResourceTag/{dropped}"].case
    assert not found[f"TerminateOwnInstances: without StringEquals aws:ResourceTag/{other}"].noticed


def test_an_action_that_no_row_asks_for_is_noticed(suite: MakeSuite) -> None:
    asked = {"does": "sqs:DeleteMessage", "on": "queue", "is": "allowed"}
    [held] = reader(suite()).policies

    assert verdicts(suite(OWN), held)["ReadJobs: and sqs:DeleteMessage"].unasked
    made = suite(OWN, asked)
    [held] = reader(made).policies
    assert not verdicts(made, held)["ReadJobs: and sqs:DeleteMessage"].unasked


def test_a_rule_notices_what_it_did_not_find_before(suite: MakeSuite) -> None:
    def stars(template: Template) -> list[Finding]:
        policies = template.properties("Role")["Policies"][0]["PolicyDocument"]["Statement"]
        return [Finding("Role", str(index)) for index, each in enumerate(policies) if each["Resource"] in ("*", ["*"])]

    rule = Rule(id="X1", title="No star", why="A test", fix="None", check=stars)
    made = suite()
    [held] = reader(made).policies

    found = verdicts(made, held, rule)

    assert found["ReadJobs: resource 0 is *"].rule
    assert not found["ReadJobs: resource 0 is arn:aws:sqs:*:*:*"].rule
    assert not found["NeverDelete: denies nothing any more"].rule
