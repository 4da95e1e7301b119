"""The Cluster stack's managed node groups."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

GROUP = "AWS::EKS::Nodegroup"

# One group of every kind: what a test needs of it stands here.
GROUPS: list[Raw] = [
    {"name": "bootstrap", "instance_types": ["m7i.large"], "min_size": 1, "desired_size": 2, "max_size": 4},
    {
        "name": "spot",
        "instance_types": ["m7g.large", "m6g.large"],
        "ami_type": "BOTTLEROCKET_ARM_64",
        "capacity_type": "SPOT",
        "min_size": 0,
        "desired_size": 0,
        "max_size": 9,
        "volume_size_gib": 200,
        "labels": {"team": "data", "example.com/tier": "batch"},
        "taints": [
            {"key": "a", "effect": "NoSchedule"},
            {"key": "b", "value": "x", "effect": "PreferNoSchedule"},
            {"key": "c", "value": "y", "effect": "NoExecute"},
        ],
        "update": {"strategy": "MINIMAL", "max_unavailable": 3},
    },
    # A name that ends as the id of another group's launch template does.
    {"name": "spot-template", "instance_types": ["m7i.large"], "min_size": 0, "desired_size": 0, "max_size": 1},
]


@pytest.fixture
def cluster(configuration: Raw, templates: Templates) -> Template:
    """The Cluster stack with three node groups."""
    return templates({**configuration, "node_groups": GROUPS})["Cluster"]


@pytest.fixture
def groups(cluster: Template) -> list[Any]:
    """The node groups, in the order of the configuration."""
    return [properties for _, properties in cluster.of_type(GROUP)]


@pytest.fixture
def launch_templates(cluster: Template, groups: list[Any]) -> list[Any]:
    """The data of each group's launch template, in the same order."""
    ids = [cluster.referred_to(group["LaunchTemplate"]["Id"]) for group in groups]
    return [cluster.properties(logical_id)["LaunchTemplateData"] for logical_id in ids if logical_id]


def test_sizes_capacity_and_instance_types_are_the_configurations(groups: list[Any]) -> None:
    sizes = [group["ScalingConfig"] for group in groups]
    kinds = [(group["CapacityType"], group["AmiType"], group["InstanceTypes"]) for group in groups]

    assert sizes == [
        {"MinSize": 1, "DesiredSize": 2, "MaxSize": 4},
        {"MinSize": 0, "DesiredSize": 0, "MaxSize": 9},
        {"MinSize": 0, "DesiredSize": 0, "MaxSize": 1},
    ]
    assert kinds[:2] == [
        ("ON_DEMAND", "AL2023_x86_64_STANDARD", ["m7i.large"]),
        ("SPOT", "BOTTLEROCKET_ARM_64", ["m7g.large", "m6g.large"]),
    ]


def test_labels_and_all_three_taint_effects_reach_the_nodes(groups: list[Any]) -> None:
    plain, labelled, _ = groups

    assert labelled["Labels"] == {"team": "data", "example.com/tier": "batch"}
    assert labelled["Taints"] == [
        {"Key": "a", "Effect": "NO_SCHEDULE"},
        {"Key": "b", "Value": "x", "Effect": "PREFER_NO_SCHEDULE"},
        {"Key": "c", "Value": "y", "Effect": "NO_EXECUTE"},
    ]
    assert not plain.keys() & {"Labels", "Taints"}


def test_nodes_are_replaced_as_the_configuration_says(groups: list[Any]) -> None:
    updates = [group["UpdateConfig"] for group in groups[:2]]

    assert updates == [
        {"MaxUnavailable": 1, "UpdateStrategy": "DEFAULT"},
        {"MaxUnavailable": 3, "UpdateStrategy": "MINIMAL"},
    ]


def test_pods_cannot_reach_the_metadata_service(launch_templates: list[Any]) -> None:
    options = [data["MetadataOptions"] for data in launch_templates]

    assert options == [{"HttpTokens": "required", "HttpPutResponseHopLimit": 1}] * 3


def test_every_volume_is_encrypted_gp3_and_bottlerocket_has_its_data_on_a_second_one(
    launch_templates: list[Any],
) -> None:
    volumes = [
        {volume["DeviceName"]: volume["Ebs"] for volume in data["BlockDeviceMappings"]} for data in launch_templates
    ]

    amazon_linux, bottlerocket, _ = volumes
    assert {device: volume["VolumeSize"] for device, volume in amazon_linux.items()} == {"/dev/xvda": 50}
    assert {device: volume["VolumeSize"] for device, volume in bottlerocket.items()} == {
        "/dev/xvda": 4,
        "/dev/xvdb": 200,
    }
    for volume in (*amazon_linux.values(), *bottlerocket.values()):
        assert (volume["VolumeType"], volume["Encrypted"], volume["DeleteOnTermination"]) == ("gp3", True, True)


def test_instances_volumes_and_interfaces_carry_the_tags_and_the_groups_name(launch_templates: list[Any]) -> None:
    specifications = {each["ResourceType"]: each["Tags"] for each in launch_templates[0]["TagSpecifications"]}

    expected = [{"Key": "Name", "Value": "test-bootstrap"}, {"Key": "stage", "Value": "test"}]
    interface = [*expected, {"Key": "cluster.k8s.amazonaws.com/name", "Value": "test"}]
    assert specifications == {"instance": expected, "volume": expected, "network-interface": interface}


def test_the_node_role_holds_only_the_node_policies_and_reads_no_secret(cluster: Template, groups: list[Any]) -> None:
    roles = {cluster.referred_to(group["NodeRole"]) for group in groups}

    [role] = roles
    assert role is not None
    properties = cluster.properties(role)
    assert properties["RoleName"] == "initial-eks-node-group-test"
    assert [flatten(arn).rpartition("/")[2] for arn in properties["ManagedPolicyArns"]] == [
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    ]
    statements = [each for policy in properties["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    assert [statement["Effect"] for statement in statements] == ["Deny"]
    assert "ssm:GetParameter" in statements[0]["Action"]
