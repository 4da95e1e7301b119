"""The environment's tags reach whatever can carry them: resources, instances, volumes, what controllers make."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from compute_plane.checks.template import Template
from compute_plane.tags import INTERFACE_TAG

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

TAGS = {"cost-center": "42", "owner": "Data Platform", "example.com/stage": "test"}
REGION = "eu-central-1"

# What CDK writes as plain resources, on which its tags have no hold; CloudFormation hands them the stack's.
UNTAGGED_BY_CDK = {
    "CustomVpcRestrictDefaultSGCustomResourceProviderHandler",
    "CustomVpcRestrictDefaultSGCustomResourceProviderRole",
    "ClusterControlPlaneClusterKubectlReadyBarrier",
}


@pytest.fixture
def stacks(configuration: Raw, data_sections: Raw, templates: Templates) -> dict[str, Template]:
    """All four stacks with everything in them."""
    addons = {
        "aws-efs-csi-driver": {},
        "aws-load-balancer-controller": {},
        "karpenter": {},
        "karpenter-crd": {},
    }
    return templates(configuration | {"tags": TAGS, "addons": addons, "data": data_sections})


def taggable(resource_type: str) -> str | None:
    """The property that holds the tags of a resource, by CloudFormation's registry."""
    if resource_type.startswith("Custom::"):
        return None
    schema: Raw = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    tagging = schema.get("tagging", {"taggable": schema.get("taggable", True)})
    return tagging.get("tagProperty", "/properties/Tags").rpartition("/")[2] if tagging["taggable"] else None


def as_map(tags: Any) -> dict[str, str]:
    return tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def test_every_resource_that_can_be_tagged_is_tagged(stacks: dict[str, Template]) -> None:
    untagged: list[str] = []
    tagged = 0
    for template in stacks.values():
        for logical_id, resource in template.resources.items():
            name = taggable(resource["Type"])
            if name is None:
                continue
            if TAGS.items() <= as_map(resource["Properties"].get(name, [])).items():
                tagged += 1
            else:
                untagged.append(logical_id)

    assert tagged > 40
    assert {each[:-8] for each in untagged} == UNTAGGED_BY_CDK  # less the hash at the end of a logical id


def test_every_stack_carries_the_tags(configuration: Raw, data_sections: Raw, synthesize: Callable[..., Path]) -> None:
    addons = {"aws-efs-csi-driver": {}}
    assembly = synthesize(configuration | {"tags": TAGS, "addons": addons, "data": data_sections})

    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
    stacks = [each for each in artifacts if each["type"] == "aws:cloudformation:stack"]
    assert len(stacks) == 4
    assert all(each["properties"]["tags"] == TAGS for each in stacks)


def test_instances_volumes_and_interfaces_of_node_groups_are_tagged(stacks: dict[str, Template]) -> None:
    [(_, launch_template)] = stacks["Cluster"].of_type("AWS::EC2::LaunchTemplate")

    specifications = launch_template["LaunchTemplateData"]["TagSpecifications"]
    assert {each["ResourceType"] for each in specifications} == {"instance", "volume", "network-interface"}
    assert all(TAGS.items() <= as_map(each["Tags"]).items() for each in specifications)


def test_karpenters_nodes_are_tagged(stacks: dict[str, Template], objects_in: Callable[[Template], list[Raw]]) -> None:
    [node_class] = [each for each in objects_in(stacks["Addons"]) if each["kind"] == "EC2NodeClass"]

    assert node_class["spec"]["tags"] == {**TAGS, INTERFACE_TAG: "test"}


def test_ebs_volumes_are_tagged(stacks: dict[str, Template]) -> None:
    addons = {addon["AddonName"]: addon for _, addon in stacks["Cluster"].of_type("AWS::EKS::Addon")}

    configuration = json.loads(addons["aws-ebs-csi-driver"]["ConfigurationValues"])
    assert configuration["controller"]["extraVolumeTags"] == TAGS


def test_load_balancers_are_tagged(
    stacks: dict[str, Template], releases_in: Callable[[Template], dict[str, Raw]]
) -> None:
    values = releases_in(stacks["Addons"])["aws-load-balancer-controller"]["Values"]

    assert values["defaultTags"] == TAGS


def test_efs_access_points_are_tagged_with_what_the_driver_splits_at_escaped(
    stacks: dict[str, Template], releases_in: Callable[[Template], dict[str, Raw]]
) -> None:
    values = releases_in(stacks["Addons"])["aws-efs-csi-driver"]["Values"]

    assert values["controller"]["tags"] == {
        "cost-center": "42",
        "owner": r"Data\ Platform",
        "example.com/stage": "test",
        "kubernetes.io/cluster/test": "owned",
    }
