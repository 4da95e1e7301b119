"""Which instances a NodePool may have, and which pods its nodes take."""

from typing import Any

import pytest

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.kubernetes.instances import Catalogue, Instance
from rehearsal.kubernetes.nodes import host_name
from rehearsal.kubernetes.pools import all_labels, meets, tolerates, zones_of


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.of_moto()


def requirement(key: str, operator: str, *values: str) -> dict[str, Any]:
    name = key if "/" in key else f"karpenter.k8s.aws/instance-{key}"
    return {"key": name, "operator": operator, "values": list(values)}


def fitting(catalogue: Catalogue, *wanted: dict[str, Any]) -> list[Instance]:
    return [one for one in catalogue.all() if meets(all_labels(one), wanted)]


def test_an_instance_has_its_capacity_and_leaves_a_part_to_pods(catalogue: Catalogue) -> None:
    large = catalogue.get("m7i.large")

    assert large.capacity == {"cpu": "2", "memory": "8192Mi", "pods": "110", "ephemeral-storage": "50Gi"}
    assert (large.allocatable["cpu"], large.allocatable["memory"]) == ("1930m", "6627Mi")
    assert catalogue.get("g6.xlarge").capacity["nvidia.com/gpu"] == "1"
    assert catalogue.get("inf2.xlarge").capacity["aws.amazon.com/neuron"] == "1"


def test_an_instance_type_that_ec2_does_not_know_is_refused_in_its_words(catalogue: Catalogue) -> None:
    with pytest.raises(ResourceFailure, match=r"\[m99\.huge\] is not a valid instance type"):
        catalogue.get("m99.huge")


def test_requirements_choose_by_category_generation_and_architecture(catalogue: Catalogue) -> None:
    found = fitting(
        catalogue,
        requirement("category", "In", "c", "m"),
        requirement("generation", "Gt", "6"),
        requirement("kubernetes.io/arch", "In", "arm64"),
    )

    assert {"c7g.large", "m8g.large"} <= {one.name for one in found}
    assert {one.architecture for one in found} == {"arm64"}
    assert not {"m6g.large", "m7i.large", "r8g.large"} & {one.name for one in found}


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("In", ["4"], {4}),
        ("NotIn", ["2", "4"], {8}),
        ("Exists", [], {2, 4, 8}),
        ("DoesNotExist", [], set[int]()),
        ("Gt", ["2"], {4, 8}),
        ("Lt", ["8"], {2, 4}),
        ("Gte", ["4"], {4, 8}),
        ("Lte", ["4"], {2, 4}),
    ],
)
def test_every_operator_counts(operator: str, values: list[str], expected: set[int], catalogue: Catalogue) -> None:
    kinds = [catalogue.get(f"m7i.{size}") for size in ("large", "xlarge", "2xlarge")]

    found = {one.cpus for one in kinds if meets(all_labels(one), [requirement("cpu", operator, *values)])}

    assert found == expected


def test_gpus_come_only_to_who_chooses_instances(catalogue: Catalogue) -> None:
    plain = fitting(catalogue, requirement("kubernetes.io/arch", "In", "amd64"))
    chosen = fitting(catalogue, requirement("family", "In", "g6"))

    assert plain
    assert not any(one.gpus for one in plain)
    assert chosen
    assert all(one.gpus for one in chosen)


def test_a_pool_may_keep_to_some_zones() -> None:
    wanted = requirement("topology.kubernetes.io/zone", "In", "eu-central-1b")
    pool: dict[str, Any] = {"spec": {"template": {"spec": {"requirements": [wanted]}}}}

    assert zones_of(pool, ["eu-central-1a", "eu-central-1b"]) == ["eu-central-1b"]


@pytest.mark.parametrize(
    ("tolerations", "expected"),
    [
        ([], False),
        ([{"operator": "Exists"}], True),
        ([{"key": "nvidia.com/gpu", "operator": "Exists"}], True),
        ([{"key": "nvidia.com/gpu", "value": "true"}], True),
        ([{"key": "nvidia.com/gpu", "value": "false"}], False),
        ([{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoExecute"}], False),
    ],
)
def test_a_taint_keeps_pods_away_that_do_not_tolerate_it(tolerations: list[dict[str, str]], expected: bool) -> None:
    taints = [
        {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"},
        {"key": "soft", "effect": "PreferNoSchedule"},
    ]

    assert tolerates({"spec": {"tolerations": tolerations}}, taints) == expected


@pytest.mark.parametrize(
    ("owner", "pattern"),
    [
        ("bootstrap", "bootstrap-1"),
        ("Big_Pool", "big-pool-"),
        (
            "cp-euc1-dev-cluster-ClusterNodesbootstrap2C275B39-A6YWFEUO46PB",
            "cp-euc1-dev-cluster-clusternodesbootstrap2c27",
        ),
    ],
)
def test_a_node_has_a_name_that_kubernetes_takes(owner: str, pattern: str) -> None:
    name = host_name(owner, 0)

    assert name.startswith(pattern)
    assert name == name.lower()
    assert len(name) <= 63
    assert host_name(owner + "x", 0) != name
