"""What the loader says of a configuration, and configurations to say it of."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.errors import ConfigurationError

Raw = dict[str, Any]

REGIONS = ("eu-central-1", "us-east-1", "ap-southeast-2")
ADDONS = (
    "aws-load-balancer-controller",
    "istio-base",
    "istiod",
    "istio-gateway-internal",
    "karpenter-crd",
    "storage-classes",
)
LETTERS = st.characters(max_codepoint=0x17F)  # Latin letters with accents, which tags may hold


@pytest.fixture
def problems(load_raw: Callable[[Raw | str], EnvironmentConfig]) -> Callable[[Raw | str], list[str]]:
    """Every problem of a configuration, as an operator reads it; none for a valid one."""

    def find(given: Raw | str) -> list[str]:
        try:
            load_raw(given)
        except ConfigurationError as error:
            return error.problems
        return []

    return find


@pytest.fixture
def configurations() -> st.SearchStrategy[Raw]:
    """Environments, half of them with one mistake or two."""
    return _configurations()


def _name(item: Raw) -> str:
    return item["name"]


names = st.from_regex(r"[a-z][a-z0-9-]{0,38}[a-z0-9]", fullmatch=True)
short_names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
label_keys = st.from_regex(r"([a-z]{1,5}\.[a-z]{2,3}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?", fullmatch=True)
label_values = st.from_regex(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?)?", fullmatch=True)
tags = st.dictionaries(
    st.from_regex(r"[a-zA-Z][\w .:/=+@-]{0,20}", fullmatch=True, alphabet=LETTERS),
    st.from_regex(r"[\w .:/=+@-]{1,20}", fullmatch=True, alphabet=LETTERS),
    max_size=4,
)
taints = st.lists(
    st.fixed_dictionaries(
        {"key": label_keys, "effect": st.sampled_from(["NoSchedule", "PreferNoSchedule", "NoExecute"])},
        optional={"value": label_values},
    ),
    max_size=2,
)
labels = st.dictionaries(label_keys, label_values, max_size=2)
principals = st.from_regex(
    r"(arn:aws:iam::[0-9]{12}:(role|user)/)?([a-z]{1,5}/)?[a-zA-Z0-9_+=,.@-]{1,12}", fullmatch=True
)


@st.composite
def networks(draw: st.DrawFn, region: str) -> Raw:
    prefix = draw(st.integers(16, 20))
    named = draw(st.booleans())
    count = draw(st.sampled_from([2, 3]))
    network: Raw = {
        "cidr": f"10.{draw(st.integers(0, 255))}.0.0/{prefix}",
        "zones": [f"{region}{letter}" for letter in "abc"[:count]] if named else count,
        "nat": draw(st.sampled_from(["one", "per_zone", "regional"])),
    }
    if draw(st.booleans()):
        network["private_subnet_prefix"] = draw(st.integers(prefix + 2, 24))
        network["public_subnet_prefix"] = draw(st.integers(22, 28))
    return network


node_groups = st.lists(
    st.fixed_dictionaries(
        {
            "name": short_names,
            "instance_types": st.lists(
                st.sampled_from(["m7i.large", "c7i.xlarge", "g6.2xlarge"]), min_size=1, max_size=3
            ),
            "min_size": st.integers(0, 2),
            "desired_size": st.integers(2, 3),
            "max_size": st.integers(3, 9),
        },
        optional={
            "ami_type": st.sampled_from(["AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64"]),
            "capacity_type": st.sampled_from(["ON_DEMAND", "SPOT"]),
            "volume_size_gib": st.integers(20, 500),
            "labels": labels,
            "taints": taints,
            "update": st.fixed_dictionaries(
                {}, optional={"strategy": st.sampled_from(["DEFAULT", "MINIMAL"]), "max_unavailable": st.integers(1, 9)}
            ),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=_name,
)
node_pools = st.lists(
    st.fixed_dictionaries(
        {
            "name": short_names,
            "capacity_types": st.lists(st.sampled_from(["spot", "on-demand"]), min_size=1, unique=True),
            "instance_categories": st.lists(st.sampled_from("cmrg"), min_size=1, unique=True),
        },
        optional={"labels": labels, "taints": taints, "cpu_limit": st.integers(1, 5000), "weight": st.integers(1, 100)},
    ),
    max_size=3,
    unique_by=_name,
)
databases = st.fixed_dictionaries(
    {
        "engine_version": st.sampled_from(["14.22", "15.17", "16.13", "17.9", "18.3"]),
        "instance_class": st.sampled_from(["db.t4g.medium", "db.m7g.large", "db.r7g.xlarge"]),
        "multi_az": st.booleans(),
    },
    optional={"storage_gib": st.integers(20, 90), "backup_retention_days": st.integers(1, 35)},
)


@st.composite
def environments(draw: st.DrawFn) -> Raw:
    """Mostly valid environments."""
    region = draw(st.sampled_from(REGIONS))
    data: Raw = {"artifact_bucket": {}} if draw(st.booleans()) else {}
    addons: Raw = {addon: {} for addon in draw(st.sampled_from([(), ADDONS[4:], ADDONS]))}
    if draw(st.booleans()):
        data["database"] = draw(databases)
    if draw(st.booleans()):
        data["file_system"] = {"throughput_mode": draw(st.sampled_from(["elastic", "bursting"]))}
        addons["aws-efs-csi-driver"] = {"directory_permissions": draw(st.sampled_from(["700", "755", "1777"]))}
    if draw(st.booleans()):
        addons |= {"karpenter-crd": {}, "karpenter": {"volume_size_gib": draw(st.integers(20, 200))}}
    return {
        "name": draw(names),
        "region": region,
        "description": draw(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)),
        "tags": draw(tags),
        "protection": draw(st.booleans()),
        "access": {"admins": draw(st.lists(principals, min_size=1, max_size=3, unique=True))},
        "network": draw(networks(region)),
        "cluster": {
            "version": draw(st.sampled_from(["1.29", "1.34", "1.35", "1.36"])),
            "log_retention_days": draw(st.sampled_from([1, 30, 365])),
            "public_access_cidrs": draw(st.sampled_from([[], ["203.0.113.0/24"], ["198.51.100.7/32", "192.0.2.0/25"]])),
        },
        "node_groups": draw(node_groups),
        "node_pools": draw(node_pools) if "karpenter" in addons else [],
        "addons": addons,
        "data": data,
    }


# One thing an operator gets wrong: where, and what stands there instead.
MISTAKES: list[tuple[tuple[str | int, ...], Any]] = [
    (("name",), "UPPER"),
    (("name",), "a" * 60),
    (("network", "cidr"), "10.0.0.0/27"),
    (("network", "zones"), 4),
    (("network", "nat"), None),
    (("cluster", "version"), 1.35),
    (("node_groups", 0, "max_size"), 1),
    (("node_groups", 0, "taints"), [{"key": "a", "effect": "Never"}]),
    (("node_pools",), [{"name": "a", "capacity_types": ["spot"]}]),
    (("addons", "unknown"), {}),
    (("data", "database"), {"multi_az": "yes"}),
    (("tags", "aws:reserved"), "x"),
    (("access", "admins"), []),
    (("protection",), "no"),
]


@st.composite
def _configurations(draw: st.DrawFn) -> Raw:
    environment = draw(environments())
    for path, value in draw(st.one_of(st.just([]), st.lists(st.sampled_from(MISTAKES), min_size=1, max_size=2))):
        target: Any = environment
        for part in path[:-1]:
            target = target[part]
        target[path[-1]] = value
    return environment
