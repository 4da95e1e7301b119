"""Each rule between fields fires on what it forbids, and is silent on its nearest allowed neighbour."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import RULES

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

TAINT = {"key": "dedicated", "effect": "NoSchedule"}
POOL = {"name": "default", "capacity_types": ["spot"], "instance_categories": ["m"]}
KARPENTER = {"karpenter": {}, "karpenter-crd": {}}
EFS = {"aws-efs-csi-driver": {}}
DATABASE = {"engine_version": "17.9", "instance_class": "db.t4g.medium", "multi_az": False}
VIEW = "AmazonEKSViewPolicy"


def group(name: str = "bootstrap", **changes: Any) -> Raw:
    sizes = {"min_size": 2, "desired_size": 2, "max_size": 4}
    return {"name": name, "instance_types": ["m7i.large"], **sizes, **changes}


def network(**changes: Any) -> Raw:
    return {"network": {"cidr": "10.20.0.0/20", "zones": 3, "nat": "one", **changes}}


# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: dict[str, tuple[Raw, str, Raw]] = {
    "_names_fit": (
        {"name": "a" * 42},
        f"name: '{'a' * 42}': at most 41 characters: IAM role name ",
        {"name": "a" * 41},
    ),
    "_tags_are_ours": (
        {"tags": {"AWS:stage": "x"}},
        "tags.AWS:stage: must not begin with 'aws:'",
        {"tags": {"awsx:stage": "x"}},
    ),
    "_subnets_fit": (
        network(public_subnet_prefix=23),
        "network.cidr: '10.20.0.0/20': holds 4096 addresses, but 3 public /23 and 3 private /22 subnets need 4608",
        network(public_subnet_prefix=24),
    ),
    "_zones_lie_in_region": (
        network(zones=["eu-central-1a", "eu-west-1b"]),
        "network.zones[1]: 'eu-west-1b': a zone of eu-central-1, such as 'eu-central-1a'",
        network(zones=["eu-central-1a", "eu-central-1b"]),
    ),
    "_principals_are_unique": (
        {"access": {"admins": ["A"], "entries": [{"principal": "A", "policy": VIEW}]}},
        "access.entries[0].principal: 'A': is an administrator already",
        {"access": {"admins": ["A"], "entries": [{"principal": "B", "policy": VIEW}]}},
    ),
    "_node_groups_are_unique": (
        {"node_groups": [group("a"), group("a")]},
        "node_groups[1].name: 'a': must be unique; item 0 has it already",
        {"node_groups": [group("a"), group("b")]},
    ),
    "_sizes_are_ordered": (
        {"node_groups": [group(desired_size=5)]},
        "node_groups[0].desired_size: 5: min_size ≤ desired_size ≤ max_size, here 2 ≤ 5 ≤ 4",
        {"node_groups": [group(desired_size=4)]},
    ),
    "_some_group_takes_any_pod": (
        {"node_groups": [group(taints=[TAINT]), group("b", min_size=0, desired_size=0)]},
        "node_groups: at least one group without taints and with desired_size above 0",
        {"node_groups": [group(taints=[TAINT]), group("b", min_size=0, desired_size=1)]},
    ),
    "_node_pools_are_unique": (
        {"addons": KARPENTER, "node_pools": [POOL, POOL]},
        "node_pools[1].name: 'default': must be unique; item 0 has it already",
        {"addons": KARPENTER, "node_pools": [POOL, {**POOL, "name": "other"}]},
    ),
    "_node_pools_choose_instances": (
        {"addons": KARPENTER, "node_pools": [{**POOL, "instance_categories": []}]},
        "node_pools[0].instance_categories: []: categories such as [c, m, r], or instance_families",
        {"addons": KARPENTER, "node_pools": [{**POOL, "instance_categories": [], "instance_families": ["g6"]}]},
    ),
    "_node_pools_have_karpenter": (
        {"addons": {"karpenter": {"enabled": False}}, "node_pools": [POOL]},
        "node_pools: needs the add-on karpenter, which makes the nodes",
        {"addons": KARPENTER, "node_pools": [POOL]},
    ),
    "_addons_have_what_they_depend_on": (
        {"addons": {"istiod": {}, "istio-base": {"enabled": False}}},
        "addons.istiod: depends on istio-base: enable it too",
        {"addons": {"istiod": {}, "istio-base": {}}},
    ),
    "_efs_driver_has_a_file_system": (
        {"addons": EFS, "data": {}},
        "addons.aws-efs-csi-driver: needs data.file_system",
        {"addons": EFS, "data": {"file_system": {}}},
    ),
    "_file_system_has_a_driver": (
        {"addons": {}, "data": {"file_system": {}}},
        "data.file_system: needs the add-on aws-efs-csi-driver",
        {"addons": EFS, "data": {"file_system": {}}},
    ),
    "_storage_can_grow": (
        {"data": {"database": {**DATABASE, "storage_gib": 100, "max_storage_gib": 100}}},
        "data.database.max_storage_gib: 100: more than storage_gib",
        {"data": {"database": {**DATABASE, "storage_gib": 100, "max_storage_gib": 101}}},
    ),
}


def test_every_rule_has_a_case_here() -> None:
    rules = {rule.check.__name__ for rule in RULES}

    assert rules == set(CASES)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_breaks_it(rule: str, configuration: Raw, problems: Problems) -> None:
    breaking, problem, _ = CASES[rule]

    found = problems(configuration | breaking)

    assert [each for each in found if each.startswith(problem)], found


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, configuration: Raw, problems: Problems
) -> None:
    _, _, satisfying = CASES[rule]

    found = problems(configuration | satisfying)

    assert found == []


@pytest.mark.parametrize("zones", [["eu-central-1a", "eu-central-1a"], ["eu-central-1b", "eu-central-1a"]])
def test_zones_are_named_once(zones: list[str], configuration: Raw, problems: Problems) -> None:
    configuration["network"]["zones"] = zones

    found = problems(configuration)

    assert bool(found) == (len(set(zones)) < len(zones))


@pytest.mark.parametrize("admins", [["A", "A"], ["A", "team/A"]])
def test_administrators_are_named_once(admins: list[str], configuration: Raw, problems: Problems) -> None:
    configuration["access"]["admins"] = admins

    found = problems(configuration)

    assert found == (["access.admins[1]: 'A': must be unique; item 0 has it already"] if admins[1] == "A" else [])


@pytest.mark.parametrize("prefix", [16, 24])
def test_a_subnet_is_smaller_than_its_vpc(prefix: int, configuration: Raw, problems: Problems) -> None:
    configuration["network"] |= {"cidr": "10.20.0.0/16", "public_subnet_prefix": prefix}

    found = problems(configuration)

    expected = ["network.cidr: '10.20.0.0/16': every subnet must be smaller than the VPC"]
    assert found == (expected if prefix == 16 else [])
