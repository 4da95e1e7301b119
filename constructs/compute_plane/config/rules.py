"""Rules between fields. Each names the sections it needs, so that it is checked whenever those are sound."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from compute_plane.addons import ADDONS
from compute_plane.config.access import AccessConfig
from compute_plane.config.cluster import NodeGroupConfig
from compute_plane.config.data import DataConfig
from compute_plane.config.environment import addon_settings
from compute_plane.config.errors import Problem
from compute_plane.config.model import Model
from compute_plane.config.network import NetworkConfig
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.names import Names

Problems = Iterator[Problem]


@dataclass(frozen=True)
class Rule:
    """A check over whole sections of the file."""

    needs: tuple[str, ...]
    check: Callable[..., Problems]

    def problems(self, sections: Mapping[str, Any]) -> Problems:
        """What is wrong, or nothing while a section it needs is unsound itself."""
        if all(name in sections for name in self.needs):
            yield from self.check(*(sections[name] for name in self.needs))


def _names_fit(name: str) -> Problems:
    too_long = [derived for derived in Names(name).derived() if len(derived.value) > derived.limit]
    if too_long:
        worst = max(too_long, key=lambda derived: len(derived.value) - derived.limit)
        allowed = len(name) - (len(worst.value) - worst.limit)
        yield Problem(
            ("name",),
            name,
            f"at most {allowed} characters: {worst.kind} '{worst.value}' would have {len(worst.value)}, "
            f"AWS allows {worst.limit}",
        )


def _tags_are_ours(tags: Mapping[str, str]) -> Problems:
    for key in tags:
        if key.lower().startswith("aws:"):
            yield Problem(("tags", key), None, "must not begin with 'aws:', which AWS keeps for itself")


def _subnets_fit(network: NetworkConfig) -> Problems:
    if network.private_prefix <= network.cidr.prefixlen or network.public_subnet_prefix <= network.cidr.prefixlen:
        yield Problem(("network", "cidr"), str(network.cidr), "every subnet must be smaller than the VPC")
        return
    needed = sum(
        network.zone_count * 2 ** (32 - prefix) for prefix in (network.private_prefix, network.public_subnet_prefix)
    )
    if needed > IPv4Network(network.cidr).num_addresses:
        yield Problem(
            ("network", "cidr"),
            str(network.cidr),
            f"holds {network.cidr.num_addresses} addresses, but {network.zone_count} public /"
            f"{network.public_subnet_prefix} and {network.zone_count} private /{network.private_prefix} subnets "
            f"need {needed}",
        )


def _zones_lie_in_region(region: str, network: NetworkConfig) -> Problems:
    if isinstance(network.zones, int):
        return
    for index, zone in enumerate(network.zones):
        if zone[:-1] != region:
            yield Problem(("network", "zones", index), zone, f"a zone of {region}, such as '{region}a'")
    yield from _unique(("network", "zones"), network.zones)


def _unique(path: tuple[str | int, ...], values: Sequence[str], key: str | None = None) -> Problems:
    for index, value in enumerate(values):
        if (first := list(values).index(value)) < index:
            yield Problem(
                (*path, index, *([key] if key else [])), value, f"must be unique; item {first} has it already"
            )


def _sizes_are_ordered(groups: Sequence[NodeGroupConfig]) -> Problems:
    for index, group in enumerate(groups):
        if not group.min_size <= group.desired_size <= group.max_size:
            yield Problem(
                ("node_groups", index, "desired_size"),
                group.desired_size,
                f"min_size ≤ desired_size ≤ max_size, here {group.min_size} ≤ {group.desired_size} ≤ {group.max_size}",
            )


def _node_groups_are_unique(groups: Sequence[NodeGroupConfig]) -> Problems:
    yield from _unique(("node_groups",), [group.name for group in groups], "name")


def _some_group_takes_any_pod(groups: Sequence[NodeGroupConfig]) -> Problems:
    """The add-ons' pods tolerate nothing, so they need nodes without taints before Karpenter can make any."""
    if not any(not group.taints and group.desired_size for group in groups):
        yield Problem(("node_groups",), None, "at least one group without taints and with desired_size above 0")


def _node_pools_are_unique(pools: Sequence[NodePoolConfig]) -> Problems:
    yield from _unique(("node_pools",), [pool.name for pool in pools], "name")


def _node_pools_choose_instances(pools: Sequence[NodePoolConfig]) -> Problems:
    for index, pool in enumerate(pools):
        if not pool.instance_categories and not pool.instance_families:
            yield Problem(
                ("node_pools", index, "instance_categories"),
                [],
                "categories such as [c, m, r], or instance_families",
            )


def _node_pools_have_karpenter(pools: Sequence[NodePoolConfig], addons: Model) -> Problems:
    if pools and "karpenter" not in addon_settings(addons):
        yield Problem(("node_pools",), None, "needs the add-on karpenter, which makes the nodes")


def _addons_have_what_they_depend_on(addons: Model) -> Problems:
    enabled = addon_settings(addons)
    for addon in ADDONS:
        missing = [needed for needed in addon.depends_on if needed not in enabled]
        if addon.name in enabled and missing:
            yield Problem(("addons", addon.name), None, f"depends on {', '.join(missing)}: enable it too")


def _efs_driver_has_a_file_system(addons: Model, data: DataConfig) -> Problems:
    if "aws-efs-csi-driver" in addon_settings(addons) and data.file_system is None:
        yield Problem(("addons", "aws-efs-csi-driver"), None, "needs data.file_system")


def _file_system_has_a_driver(addons: Model, data: DataConfig) -> Problems:
    if data.file_system is not None and "aws-efs-csi-driver" not in addon_settings(addons):
        yield Problem(("data", "file_system"), None, "needs the add-on aws-efs-csi-driver, which mounts it")


def _storage_can_grow(data: DataConfig) -> Problems:
    if data.database and data.database.max_storage_gib <= data.database.storage_gib:
        yield Problem(("data", "database", "max_storage_gib"), data.database.max_storage_gib, "more than storage_gib")


def _principals_are_unique(access: AccessConfig) -> Problems:
    yield from _unique(("access", "admins"), access.admins)
    for index, entry in enumerate(access.entries):
        if entry.principal in access.admins:
            yield Problem(("access", "entries", index, "principal"), entry.principal, "is an administrator already")
    yield from _unique(("access", "entries"), [entry.principal for entry in access.entries], "principal")


RULES = (
    Rule(("name",), _names_fit),
    Rule(("tags",), _tags_are_ours),
    Rule(("network",), _subnets_fit),
    Rule(("region", "network"), _zones_lie_in_region),
    Rule(("access",), _principals_are_unique),
    Rule(("node_groups",), _node_groups_are_unique),
    Rule(("node_groups",), _sizes_are_ordered),
    Rule(("node_groups",), _some_group_takes_any_pod),
    Rule(("node_pools",), _node_pools_are_unique),
    Rule(("node_pools",), _node_pools_choose_instances),
    Rule(("node_pools", "addons"), _node_pools_have_karpenter),
    Rule(("addons",), _addons_have_what_they_depend_on),
    Rule(("addons", "data"), _efs_driver_has_a_file_system),
    Rule(("addons", "data"), _file_system_has_a_driver),
    Rule(("data",), _storage_can_grow),
)
