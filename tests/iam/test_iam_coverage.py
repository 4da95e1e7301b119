"""The tables are complete: nothing is granted that no row asks for, and every attack is tried on what can do harm."""

from collections.abc import Iterator

from compute_plane.checks.actions import Action, action, matching
from compute_plane.iam.flatten import as_list
from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import Policy
from compute_plane.simulation.patterns import matches
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import ATTACKS, Table

SHORT = 40


def granted(documents: list[Policy]) -> set[str]:
    """Actions, and patterns of actions, that statements allow."""
    return {
        pattern
        for document in documents
        for statement in as_list(document["Statement"])
        if statement["Effect"] == "Allow"
        for pattern in as_list(statement["Action"])
    }


def of_roles(suites: dict[str, Suite], tables: dict[str, Table]) -> Iterator[tuple[str, str, set[str], list[Case]]]:
    """Environment, table, what the role is granted, its cases."""
    for environment, suite in suites.items():
        for name, cases in suite.cases.items():
            if role := suite.role(tables[name]):
                yield environment, name, granted(role.documents), cases


def unpinned(suites: dict[str, Suite], tables: dict[str, Table]) -> set[tuple[str, str]]:
    """Table and action, for documents that reach beyond this cluster on purpose: rows say how far, either way."""
    return {
        (name, pattern)
        for suite in suites.values()
        for name in suite.cases
        if (role := suite.role(tables[name]))
        for held in role.policies
        if held.name in tables[name].unpinned
        for pattern in granted([held.document])
    }


def tried(pattern: str, cases: list[Case]) -> bool:
    return any(matches(pattern, case.request.action, {}, ignore_case=True) for case in cases)


def mutates(pattern: str) -> bool:
    found: list[Action] = list(matching(pattern))
    return not found or any(each.mutates for each in found)


def test_every_role_has_a_table(suites: dict[str, Suite], tables: dict[str, Table]) -> None:
    for environment, suite in suites.items():
        known = {role.name for table in suite.cases if (role := suite.role(tables[table]))}

        assert known
        assert {role.name for role in suite.plane.roles} - known == set(), environment


def test_every_resource_policy_has_a_table(suites: dict[str, Suite]) -> None:
    for environment, suite in suites.items():
        cases = [case for found in suite.cases.values() for case in found]
        held = [policy.document for policy in suite.plane.resource_policies]

        assert held
        assert [each for each in held if not any(case.policies.resource is each for case in cases)] == [], environment


def test_a_role_is_granted_nothing_that_no_row_asks_for(suites: dict[str, Suite], tables: dict[str, Table]) -> None:
    reach = unpinned(suites, tables)
    unasked = {
        f"{name}.yaml: {pattern} is granted in {environment}, and no row allows it"
        for environment, name, patterns, cases in of_roles(suites, tables)
        for pattern in patterns
        if not tried(pattern, [case for case in cases if (name, pattern) in reach or case.expected == "allowed"])
    }

    assert unasked == set()


def test_every_mutating_action_meets_every_kind_of_attack(suites: dict[str, Suite], tables: dict[str, Table]) -> None:
    reach = unpinned(suites, tables)
    missing = {
        f"{name}.yaml: {pattern} has no {'' if (name, pattern) in reach else 'denied '}row of the attack {attack}"
        for _, name, patterns, cases in of_roles(suites, tables)
        for pattern in patterns
        if mutates(pattern)
        for attack in set(ATTACKS.values()) - set(tables[name].exempt.get(pattern, {}))
        for answers in [("allowed", "denied", "forbidden") if (name, pattern) in reach else ("denied", "forbidden")]
        if not tried(pattern, [case for case in cases if case.attack == attack and case.expected in answers])
    }

    assert missing == set()


def test_every_document_that_is_not_pinned_lets_an_attack_through_and_says_why(
    suites: dict[str, Suite], tables: dict[str, Table]
) -> None:
    through = {
        (name, held.name)
        for suite in suites.values()
        for name, cases in suite.cases.items()
        if (role := suite.role(tables[name]))
        for held in role.policies
        for pattern in granted([held.document])
        if tried(pattern, [case for case in cases if case.attack and case.expected == "allowed"])
    }
    listed = {(name, document): why for name, table in tables.items() for document, why in table.unpinned.items()}

    assert listed
    assert set(listed) - through == set()
    assert [where for where, why in listed.items() if len(why) < SHORT] == []


def test_every_exemption_is_needed_and_says_why(suites: dict[str, Suite], tables: dict[str, Table]) -> None:
    held = {(name, pattern) for _, name, patterns, _ in of_roles(suites, tables) for pattern in patterns}
    attacked = {
        (name, pattern, case.attack)
        for _, name, patterns, cases in of_roles(suites, tables)
        for pattern in patterns
        for case in cases
        if case.expected != "allowed" and tried(pattern, [case])
    }
    exempt = [
        (name, pattern, attack, why)
        for name, table in tables.items()
        for pattern, whys in table.exempt.items()
        for attack, why in whys.items()
    ]

    assert exempt
    assert [(name, pattern) for name, pattern, _, _ in exempt if (name, pattern) not in held] == []
    assert [each for *each, _ in exempt if tuple(each) in attacked] == []
    assert [why for *_, why in exempt if len(why) < SHORT] == []


def test_every_action_of_a_table_is_real(suites: dict[str, Suite]) -> None:
    actions = {case.request.action for suite in suites.values() for cases in suite.cases.values() for case in cases}

    assert len(actions) > SHORT
    assert [name for name in actions if action(name) is None] == []
