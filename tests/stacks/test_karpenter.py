"""Karpenter in the Addons stack: its queue, its nodes' identity, its EC2NodeClass and NodePools."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.addons.karpenter_resources import EVENTS
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]
Objects = Callable[[Template], list[Raw]]

POOLS: list[Raw] = [
    {"name": "default", "capacity_types": ["spot", "on-demand"], "instance_categories": ["c", "m"]},
    {
        "name": "gpu",
        "capacity_types": ["on-demand"],
        "architectures": ["amd64"],
        "instance_families": ["g6"],
        "min_generation": 6,
        "cpu_limit": 64,
        "memory_limit_gib": 256,
        "labels": {"team": "research"},
        "taints": [
            {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"},
            {"key": "a", "effect": "NoExecute"},
        ],
        "weight": 10,
        "expire_after_hours": 24,
        "consolidation": "WhenEmpty",
        "consolidate_after_seconds": 300,
    },
]


@pytest.fixture
def stack(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Addons stack with Karpenter, two pools, and the given settings."""

    def synthesized(**settings: Any) -> Template:
        addons = {"karpenter": settings, "karpenter-crd": {}}
        return templates({**configuration, "addons": addons, "node_pools": POOLS})["Addons"]

    return synthesized


@pytest.fixture
def node_pools(stack: Callable[..., Template], objects_in: Objects) -> dict[str, Raw]:
    """The specifications of the NodePools, by name."""
    pools = [each for each in objects_in(stack()) if each["kind"] == "NodePool"]
    return {pool["metadata"]["name"]: pool["spec"] for pool in pools}


@pytest.fixture
def node_class(objects_in: Objects) -> Callable[[Template], Raw]:
    """The specification of the one EC2NodeClass."""

    def read(template: Template) -> Raw:
        [found] = [each for each in objects_in(template) if each["kind"] == "EC2NodeClass"]
        return found["spec"]

    return read


def only(template: Template, resource_type: str) -> tuple[str, Any]:
    [found] = template.of_type(resource_type)
    return found


def test_five_kinds_of_event_reach_the_encrypted_queue_of_which_karpenter_knows(
    stack: Callable[..., Template], releases_in: Releases
) -> None:
    template = stack()

    queue, properties = only(template, "AWS::SQS::Queue")
    rules = [rule for _, rule in template.of_type("AWS::Events::Rule")]
    assert properties["SqsManagedSseEnabled"] is True
    assert {rule["EventPattern"]["detail-type"][0] for rule in rules} == {detail for _, detail in EVENTS.values()}
    assert len(rules) == 5
    assert all(rule["Targets"][0]["Arn"] == {"Fn::GetAtt": [queue, "Arn"]} for rule in rules)
    values = releases_in(template)["karpenter"]["Values"]
    assert values["settings"] == {"clusterName": "test", "interruptionQueue": properties["QueueName"]}


def test_only_those_rules_fill_the_queue(stack: Callable[..., Template]) -> None:
    template = stack()

    _, policy = only(template, "AWS::SQS::QueuePolicy")
    [send] = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    rules = {logical_id for logical_id, _ in template.of_type("AWS::Events::Rule")}
    assert send["Principal"] == {"Service": "events.amazonaws.com"}
    assert {template.referred_to(arn) for arn in send["Condition"]["ArnEquals"]["aws:SourceArn"]} == rules


def test_karpenters_nodes_have_a_role_a_profile_and_an_entry_to_the_cluster(stack: Callable[..., Template]) -> None:
    template = stack()

    _, profile = only(template, "AWS::IAM::InstanceProfile")
    _, entry = only(template, "AWS::EKS::AccessEntry")
    [role] = [template.referred_to(each) for each in profile["Roles"]]
    assert role is not None
    managed = [flatten(arn).rpartition("/")[2] for arn in template.properties(role)["ManagedPolicyArns"]]
    assert "AmazonEKSWorkerNodePolicy" in managed
    assert profile["InstanceProfileName"] == template.properties(role)["RoleName"] == "test-karpenter-node"
    assert (entry["Type"], template.referred_to(entry["PrincipalArn"])) == ("EC2_LINUX", role)


def test_the_node_class_uses_our_profile_our_subnets_and_the_clusters_security_group(
    stack: Callable[..., Template], node_class: Callable[[Template], Raw]
) -> None:
    spec = node_class(stack())

    assert spec["instanceProfile"] == "test-karpenter-node"
    assert "role" not in spec
    assert spec["subnetSelectorTerms"] == [{"tags": {"karpenter.sh/discovery": "test"}}]
    assert "ClusterSecurityGroupId" in spec["securityGroupSelectorTerms"][0]["id"]
    assert spec["tags"] == {"stage": "test", "cluster.k8s.amazonaws.com/name": "test"}


def test_karpenters_nodes_are_as_closed_and_as_encrypted_as_the_managed_ones(
    stack: Callable[..., Template], node_class: Callable[[Template], Raw]
) -> None:
    spec = node_class(stack())

    assert spec["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }
    assert spec["blockDeviceMappings"] == [
        {"deviceName": "/dev/xvda", "ebs": {"volumeSize": "100Gi", "volumeType": "gp3", "encrypted": True}}
    ]


def test_bottlerocket_keeps_its_data_on_a_second_volume(
    stack: Callable[..., Template], node_class: Callable[[Template], Raw]
) -> None:
    spec = node_class(stack(ami_alias="bottlerocket@latest", volume_size_gib=80))

    sizes = {volume["deviceName"]: volume["ebs"]["volumeSize"] for volume in spec["blockDeviceMappings"]}
    assert spec["amiSelectorTerms"] == [{"alias": "bottlerocket@latest"}]
    assert sizes == {"/dev/xvda": "4Gi", "/dev/xvdb": "80Gi"}
    assert all(volume["ebs"]["encrypted"] for volume in spec["blockDeviceMappings"])


def test_node_pools_are_the_configurations(node_pools: dict[str, Raw]) -> None:
    gpu = node_pools["gpu"]

    assert node_pools.keys() == {"default", "gpu"}
    assert gpu["weight"] == 10
    assert gpu["limits"] == {"cpu": "64", "memory": "256Gi"}
    assert gpu["disruption"] == {"consolidationPolicy": "WhenEmpty", "consolidateAfter": "300s"}
    assert gpu["template"]["metadata"] == {"labels": {"team": "research"}}
    assert gpu["template"]["spec"]["expireAfter"] == "24h"
    assert gpu["template"]["spec"]["taints"] == [
        {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"},
        {"key": "a", "effect": "NoExecute"},
    ]


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        (
            "default",
            {
                "karpenter.sh/capacity-type": ("In", ["spot", "on-demand"]),
                "kubernetes.io/arch": ("In", ["amd64"]),
                "kubernetes.io/os": ("In", ["linux"]),
                "karpenter.k8s.aws/instance-category": ("In", ["c", "m"]),
            },
        ),
        (
            "gpu",
            {
                "karpenter.sh/capacity-type": ("In", ["on-demand"]),
                "kubernetes.io/arch": ("In", ["amd64"]),
                "kubernetes.io/os": ("In", ["linux"]),
                "karpenter.k8s.aws/instance-family": ("In", ["g6"]),
                "karpenter.k8s.aws/instance-generation": ("Gt", ["5"]),
            },
        ),
    ],
)
def test_a_pool_asks_for_the_instances_of_the_configuration(
    pool: str, expected: Raw, node_pools: dict[str, Raw]
) -> None:
    requirements = node_pools[pool]["template"]["spec"]["requirements"]

    assert {each["key"]: (each["operator"], each["values"]) for each in requirements} == expected
    assert node_pools[pool]["template"]["spec"]["nodeClassRef"]["kind"] == "EC2NodeClass"
