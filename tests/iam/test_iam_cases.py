"""Every row of every table, on every environment, by both judges."""

from collections import Counter
from typing import Any

from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import evaluate
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Table

MANY = 100


def told(environment: str, table: str, case: Case) -> str:
    decision = evaluate(case.request, case.policies)
    return f"{environment}, {table}.yaml, {case.line}: expected {case.expected}, got {decision}"


def test_every_case_is_decided_as_its_table_says(suites: dict[str, Suite]) -> None:
    wrong = [
        told(environment, table, case)
        for environment, suite in suites.items()
        for table, cases in suite.cases.items()
        for case in cases
        if not case.expects(evaluate(case.request, case.policies))
    ]

    assert wrong == []


def test_the_second_judge_agrees_with_every_decision(judged: list[Any]) -> None:
    apart = [
        f"{told(each.environment, each.table, each.case)}; the second judge says {each.other}"
        for each in judged
        if each.other != evaluate(each.case.request, each.case.policies).result
    ]

    assert len(judged) > MANY
    assert apart == []


def test_the_second_judge_knows_every_condition_key(judged: list[Any]) -> None:
    unknown = {f"{each.case.request.action}: {key}" for each in judged for key in each.ignored}

    assert unknown == set()


def test_there_are_many_cases_of_each_answer(suites: dict[str, Suite]) -> None:
    prod = [case for cases in suites["prod"].cases.values() for case in cases]

    counted = Counter(case.expected for case in prod)

    assert len(prod) > MANY
    assert counted["allowed"] > MANY
    assert counted["denied"] > counted["allowed"]
    assert counted["forbidden"]


def test_no_case_stands_twice(suites: dict[str, Suite]) -> None:
    for suite in suites.values():
        for table, cases in suite.cases.items():
            repeated = [line for line, times in Counter(case.line for case in cases).items() if times > 1]
            assert repeated == [], table


def test_every_table_and_every_option_is_used_by_some_environment(
    tables: dict[str, Table], suites: dict[str, Suite]
) -> None:
    used = {table for suite in suites.values() for table in suite.cases}
    held = {policy.name for suite in suites.values() for role in suite.plane.roles for policy in role.policies}

    assert set(tables) - used == set()
    assert {option for table in tables.values() for option in table.options} - held == set()
