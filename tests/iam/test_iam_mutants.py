"""Each policy is made worse in every way that one change can: a rule or a case has to notice."""

from collections.abc import Iterator

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.registry import all_rules
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.simulation.notice import Notice, Verdict
from compute_plane.simulation.plane import Held
from compute_plane.simulation.suite import Suite

CAUGHT = 0.95
MANY = 500


def documents(suites: dict[str, Suite]) -> Iterator[tuple[str, str, Held]]:
    """Every document once, in the first environment that has it: its table is the same in all."""
    seen: set[tuple[str, str]] = set()
    for environment, suite in suites.items():
        for owner, held in suite.documents():
            if (owner, held.name) not in seen:
                seen.add((owner, held.name))
                yield environment, owner, held


@pytest.fixture(scope="module")
def verdicts(
    suites: dict[str, Suite], configurations: dict[str, tuple[str, EnvironmentConfig]]
) -> list[tuple[str, Verdict]]:
    rules = all_rules()
    found: list[tuple[str, Verdict]] = []
    for environment, owner, held in documents(suites):
        suite, (_, config) = suites[environment], configurations[environment]
        stack = suite.plane.assembly.stack(held.place.stack)
        cases = [case for cases in suite.cases.values() for case in cases]
        facts = PlaneFacts.of(config, config.account)
        notice = Notice(stack, held.place, held.document, cases, rules, facts)
        found += [(f"{owner}, {held.name}", verdict) for verdict in notice.verdicts()]
    return found


def test_nearly_every_mutant_is_noticed(verdicts: list[tuple[str, Verdict]]) -> None:
    survivors = [f"{where}: {verdict.mutant}" for where, verdict in verdicts if not verdict.noticed]
    caught = 1 - len(survivors) / len(verdicts)

    print(
        f"{len(verdicts)} mutants, {caught:.1%} noticed: {sum(v.rule for _, v in verdicts)} by rules, "
        f"{sum(v.case for _, v in verdicts)} by cases, {sum(v.unasked for _, v in verdicts)} as not asked for"
    )
    assert len(verdicts) > MANY
    assert caught >= CAUGHT, "\n".join(survivors)


def test_rules_and_cases_each_notice_what_the_other_does_not(verdicts: list[tuple[str, Verdict]]) -> None:
    assert any(verdict.rule and not verdict.case for _, verdict in verdicts)
    assert any(verdict.case and not verdict.rule for _, verdict in verdicts)
