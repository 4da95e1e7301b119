"""Each rule between fields fires on what it forbids, and is silent on its nearest allowed neighbour."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import RULES, addons, nodes, roles, services, visitors

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

VIEW = "AmazonEKSViewPolicy"


def network(**changes: Any) -> Raw:
    return {"network": {"cidr": "10.20.0.0/20", "zones": 3, "nat": "one", **changes}}


# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_names_fit",
        {"name": "a" * 42},
        f"name: '{'a' * 42}': at most 41 characters: IAM role name ",
        {"name": "a" * 41},
    ),
    ("_names_fit", {"name": "xn--a"}, "name: 'xn--a': must not begin with xn--", {"name": "xn-a"}),
    ("_tags_are_ours", {"tags": {"AWS:a": "x"}}, "tags.AWS:a: must not begin with", {"tags": {"awsx:a": "x"}}),
    (
        "_tags_are_ours",
        {"tags": {"kubernetes.io/cluster/x": "owned"}},
        "tags.kubernetes.io/cluster/x: must not begin with",
        {"tags": {"kubernetes.io/x": "owned"}},
    ),
    (
        "_tags_are_ours",
        {"tags": {"Stage": "a", "stage": "b"}},
        "tags.stage: differs from 'Stage' in case only",
        {"tags": {"Stage": "a", "stages": "b"}},
    ),
    (
        "_subnets_fit",
        network(public_subnet_prefix=23),
        "network.cidr: '10.20.0.0/20': holds 4096 addresses, but 3 public /23 and 3 private /22 subnets need 4608",
        network(public_subnet_prefix=24),
    ),
    (
        "_zones_lie_in_region",
        network(zones=["eu-central-1a", "eu-west-1b"]),
        "network.zones[1]: 'eu-west-1b': a zone of eu-central-1, such as 'eu-central-1a'",
        network(zones=["eu-central-1a", "eu-central-1b"]),
    ),
    (
        "_principals_are_different",
        {"access": {"admins": ["A"], "entries": [{"principal": "A", "policy": VIEW}]}},
        "access.entries[0].principal: 'A': is an administrator already",
        {"access": {"admins": ["A"], "entries": [{"principal": "B", "policy": VIEW}]}},
    ),
    (
        "_principals_are_different",
        {"access": {"admins": ["A", "arn:aws:iam::111122223333:role/A"]}},
        "access.admins[0]: 'A': may be the role of an ARN in this list",
        {"access": {"admins": ["arn:aws:iam::444455556666:role/A", "arn:aws:iam::111122223333:role/A"]}},
    ),
    (
        "_principals_are_not_ours",
        {"access": {"admins": ["team/test-karpenter-node"]}},
        "access.admins[0]: 'team/test-karpenter-node': is a role of the plane itself",
        {"access": {"admins": ["team/test-karpenter-nodes"]}},
    ),
]


def test_every_rule_has_a_case_here() -> None:
    rules = {
        rule.check.__name__
        for rule in RULES
        if rule not in (*addons.RULES, *nodes.RULES, *roles.RULES, *services.RULES, *visitors.RULES)
    }

    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_finds_what_breaks_it_and_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | breaking)
    nothing = problems(configuration | satisfying)

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule


@pytest.mark.parametrize("zones", [["eu-central-1a", "eu-central-1a"], ["eu-central-1b", "eu-central-1a"]])
def test_zones_are_named_once(zones: list[str], configuration: Raw, problems: Problems) -> None:
    configuration["network"]["zones"] = zones

    found = problems(configuration)

    assert bool(found) == (len(set(zones)) < len(zones))


@pytest.mark.parametrize("admins", [["A", "A"], ["A", "team/A"]])
def test_administrators_are_named_once(admins: list[str], configuration: Raw, problems: Problems) -> None:
    configuration["access"]["admins"] = admins

    found = problems(configuration)

    assert found == (["access.admins[1]: 'A': must be unique; item 0 has it too"] if admins[1] == "A" else [])


@pytest.mark.parametrize("prefix", [16, 24])
def test_a_subnet_is_smaller_than_its_vpc(prefix: int, configuration: Raw, problems: Problems) -> None:
    configuration["network"] |= {"cidr": "10.20.0.0/16", "public_subnet_prefix": prefix}

    found = problems(configuration)

    expected = ["network.cidr: '10.20.0.0/16': every subnet must be smaller than the VPC"]
    assert found == (expected if prefix == 16 else [])
