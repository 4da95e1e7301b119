"""Rules about managed node groups and Karpenter's node pools."""

import re
from collections.abc import Sequence

from compute_plane.addons.placement import BOOTSTRAP_TAINT
from compute_plane.config.cluster import NodeGroupConfig
from compute_plane.config.environment import addon_settings
from compute_plane.config.errors import Problem
from compute_plane.config.model import Model
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.config.rules.rule import Problems, Rule, unique

# Graviton families have a g behind their generation: m7g, c8gn, im4gn, g5g; a1 is the oldest of them.
GRAVITON = re.compile(r"^(a1|[a-z]+\d+[a-z]*g[a-z]*)\.")
ACCELERATED = {"NVIDIA": re.compile(r"^(g|gr|p)\d"), "NEURON": re.compile(r"^(inf|trn)\d")}


def _names_are_unique(groups: Sequence[NodeGroupConfig]) -> Problems:
    yield from unique(("node_groups",), [group.name for group in groups], "name")


def _sizes_are_ordered(groups: Sequence[NodeGroupConfig]) -> Problems:
    for index, group in enumerate(groups):
        if not group.min_size <= group.desired_size <= group.max_size:
            yield Problem(
                ("node_groups", index, "desired_size"),
                group.desired_size,
                f"min_size ≤ desired_size ≤ max_size, here {group.min_size} ≤ {group.desired_size} ≤ {group.max_size}",
            )
        if group.update.max_unavailable > group.max_size:
            path = ("node_groups", index, "update", "max_unavailable")
            yield Problem(path, group.update.max_unavailable, f"at most max_size, {group.max_size}")


def _images_fit_instances(groups: Sequence[NodeGroupConfig]) -> Problems:
    for index, group in enumerate(groups):
        path = ("node_groups", index, "instance_types")
        wanted = next((pattern for name, pattern in ACCELERATED.items() if name in group.ami_type), None)
        for position, instance_type in enumerate(group.instance_types):
            if bool(GRAVITON.match(instance_type)) != ("ARM_64" in group.ami_type):
                expected = f"has another architecture than ami_type {group.ami_type}"
                yield Problem((*path, position), instance_type, expected)
            elif wanted and not wanted.match(instance_type):
                yield Problem((*path, position), instance_type, f"has no accelerator for ami_type {group.ami_type}")
        yield from unique(path, group.instance_types)


def _some_groups_take_any_pod(groups: Sequence[NodeGroupConfig], addons: Model) -> Problems:
    """The add-ons' pods tolerate one taint, and Karpenter's two replicas never share a node."""
    needed = 2 if "karpenter" in addon_settings(addons) else 1
    open_groups = [group for group in groups if all(taint.key == BOOTSTRAP_TAINT for taint in group.taints)]
    if sum(group.desired_size for group in open_groups) < needed:
        expected = (
            f"groups without taints, or with {BOOTSTRAP_TAINT} alone, need a desired_size of {needed} or more together"
        )
        yield Problem(("node_groups",), None, expected)


def _pool_names_are_unique(pools: Sequence[NodePoolConfig]) -> Problems:
    yield from unique(("node_pools",), [pool.name for pool in pools], "name")


def _pools_choose_instances(pools: Sequence[NodePoolConfig]) -> Problems:
    for index, pool in enumerate(pools):
        if bool(pool.instance_categories) == bool(pool.instance_families):
            path = ("node_pools", index, "instance_categories")
            expected = "either categories such as [c, m, r] or instance_families: a node has to match all that is given"
            yield Problem(path, pool.instance_categories, expected)


def _pools_have_karpenter(pools: Sequence[NodePoolConfig], addons: Model) -> Problems:
    if pools and "karpenter" not in addon_settings(addons):
        yield Problem(("node_pools",), None, "needs the add-on karpenter, which makes the nodes")


RULES = (
    Rule(("node_groups",), _names_are_unique),
    Rule(("node_groups",), _sizes_are_ordered),
    Rule(("node_groups",), _images_fit_instances),
    Rule(("node_groups", "addons"), _some_groups_take_any_pod),
    Rule(("node_pools",), _pool_names_are_unique),
    Rule(("node_pools",), _pools_choose_instances),
    Rule(("node_pools", "addons"), _pools_have_karpenter),
)
