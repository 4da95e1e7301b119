"""Each rule about nodes fires on what it forbids, and is silent on its nearest allowed neighbour."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import nodes

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

TAINT = {"key": "dedicated", "effect": "NoSchedule"}
BOOTSTRAP = {"key": "CriticalAddonsOnly", "effect": "NoSchedule"}
POOL = {"name": "default", "capacity_types": ["spot"], "instance_categories": ["m"]}
KARPENTER = {"karpenter": {}, "karpenter-crd": {}}


def group(name: str = "bootstrap", **changes: Any) -> Raw:
    sizes = {"min_size": 2, "desired_size": 2, "max_size": 4}
    return {"name": name, "instance_types": ["m7i.large"], **sizes, **changes}


def pools(*changes: Raw) -> Raw:
    return {"addons": KARPENTER, "node_pools": [POOL | change for change in changes]}


# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_names_are_unique",
        {"node_groups": [group("a"), group("a")]},
        "node_groups[1].name: 'a': must be unique; item 0 has it too",
        {"node_groups": [group("a"), group("b")]},
    ),
    (
        "_sizes_are_ordered",
        {"node_groups": [group(desired_size=5)]},
        "node_groups[0].desired_size: 5: min_size ≤ desired_size ≤ max_size, here 2 ≤ 5 ≤ 4",
        {"node_groups": [group(desired_size=4)]},
    ),
    (
        "_sizes_are_ordered",
        {"node_groups": [group(update={"max_unavailable": 5})]},
        "node_groups[0].update.max_unavailable: 5: at most max_size, 4",
        {"node_groups": [group(update={"max_unavailable": 4})]},
    ),
    (
        "_images_fit_instances",
        {"node_groups": [group(instance_types=["m7i.large", "m7g.large"])]},
        "node_groups[0].instance_types[1]: 'm7g.large': has another architecture",
        {"node_groups": [group(instance_types=["m7g.large"], ami_type="AL2023_ARM_64_STANDARD")]},
    ),
    (
        "_images_fit_instances",
        {"node_groups": [group(ami_type="AL2023_x86_64_NVIDIA")]},
        "node_groups[0].instance_types[0]: 'm7i.large': has no accelerator",
        {"node_groups": [group(ami_type="AL2023_x86_64_NVIDIA", instance_types=["g6.xlarge"])]},
    ),
    (
        "_images_fit_instances",
        {"node_groups": [group(instance_types=["m7i.large", "m7i.large"])]},
        "node_groups[0].instance_types[1]: 'm7i.large': must be unique",
        {"node_groups": [group(instance_types=["m7i.large", "m6i.large"])]},
    ),
    (
        "_some_groups_take_any_pod",
        {"node_groups": [group(taints=[TAINT]), group("b", min_size=0, desired_size=0)]},
        "node_groups: groups without taints, or with CriticalAddonsOnly alone, need a desired_size of 1 or",
        {"node_groups": [group(taints=[TAINT]), group("b", min_size=0, desired_size=1)]},
    ),
    (
        "_some_groups_take_any_pod",
        {"node_groups": [group(taints=[BOOTSTRAP, TAINT])]},
        "node_groups: groups without taints, or with CriticalAddonsOnly alone, need",
        {"node_groups": [group(taints=[BOOTSTRAP])]},
    ),
    (
        "_some_groups_take_any_pod",
        {"addons": KARPENTER, "node_groups": [group(min_size=1, desired_size=1)]},
        "node_groups: groups without taints, or with CriticalAddonsOnly alone, need a desired_size of 2 or",
        {"addons": KARPENTER, "node_groups": [group(name, min_size=1, desired_size=1) for name in ("a", "b")]},
    ),
    (
        "_pool_names_are_unique",
        pools({}, {}),
        "node_pools[1].name: 'default': must be unique; item 0 has it too",
        pools({}, {"name": "other"}),
    ),
    (
        "_pools_choose_instances",
        pools({"instance_categories": []}),
        "node_pools[0].instance_categories: []: either categories such as [c, m, r] or instance_families",
        pools({"instance_categories": [], "instance_families": ["g6"]}),
    ),
    (
        "_pools_choose_instances",
        pools({"instance_families": ["g6"]}),
        'node_pools[0].instance_categories: ["m"]: either categories',
        pools({}),
    ),
    (
        "_pools_have_karpenter",
        {"addons": {"karpenter": {"enabled": False}}, "node_pools": [POOL]},
        "node_pools: needs the add-on karpenter, which makes the nodes",
        pools({}),
    ),
]


def test_every_rule_has_a_case_here() -> None:
    rules = {rule.check.__name__ for rule in nodes.RULES}

    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_finds_what_breaks_it_and_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | breaking)
    nothing = problems(configuration | satisfying)

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule
