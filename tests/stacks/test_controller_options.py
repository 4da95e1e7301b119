"""What a switch adds to a controller: a part of its policy, and the setting or object that makes use of it."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]
Objects = Callable[[Template], list[Raw]]

CONTROLLER = "aws-load-balancer-controller"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012"
RESERVED = {"name": "default", "capacity_types": ["reserved", "on-demand"], "instance_categories": ["m"]}
DISCOVERY = {"karpenter.sh/discovery": "test"}


def policies(template: Template, role: str) -> dict[str, dict[str, Raw]]:
    """The role's statements by document and Sid, of its inline and of its managed policies."""
    [(logical_id, role_properties)] = [
        (logical_id, each) for logical_id, each in template.of_type("AWS::IAM::Role") if each.get("RoleName") == role
    ]
    managed = [each for _, each in template.of_type("AWS::IAM::ManagedPolicy") if {"Ref": logical_id} in each["Roles"]]
    documents = {each["ManagedPolicyName"].removeprefix("test-"): each["PolicyDocument"] for each in managed} | {
        each["PolicyName"]: each["PolicyDocument"] for each in role_properties["Policies"]
    }
    return {
        name: {statement["Sid"]: statement for statement in document["Statement"]}
        for name, document in documents.items()
    }


@pytest.mark.parametrize("option", ["wafv2", "shield", "cognito"])
def test_web_acls_shield_and_user_pools_are_the_controllers_only_when_switched_on(
    option: str, configuration: Raw, templates: Templates, releases_in: Releases
) -> None:
    without = templates(configuration | {"addons": {CONTROLLER: {}}})["Addons"]
    template = templates(configuration | {"addons": {CONTROLLER: {option: True}}})["Addons"]

    assert policies(without, "test-elb-controller").keys() == {CONTROLLER}
    assert policies(template, "test-elb-controller").keys() == {CONTROLLER, f"{CONTROLLER}-{option}"}
    switches = ("enableShield", "enableWaf", "enableWafv2")
    before, after = (releases_in(each)[CONTROLLER]["Values"] for each in (without, template))
    assert [before[switch] for switch in switches] == [False, False, False]
    assert [after[switch] for switch in switches] == [option == "shield", False, option == "wafv2"]


@pytest.mark.parametrize(("option", "sid"), [("wafv2", "AttachOurWebAcls"), ("cognito", "ReadClientsOfOurUserPools")])
def test_web_acls_and_user_pools_must_name_this_cluster(
    option: str, sid: str, configuration: Raw, templates: Templates
) -> None:
    template = templates(configuration | {"addons": {CONTROLLER: {option: True}}})["Addons"]

    statement = policies(template, "test-elb-controller")[f"{CONTROLLER}-{option}"][sid]
    assert statement["Condition"] == {
        "StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/test": ["owned", "shared"]}
    }


def test_the_controller_takes_no_protection_from_a_load_balancer(configuration: Raw, templates: Templates) -> None:
    template = templates(configuration | {"addons": {CONTROLLER: {"wafv2": True, "shield": True}}})["Addons"]

    found = policies(template, "test-elb-controller")
    granted = str([found[f"{CONTROLLER}-{option}"] for option in ("wafv2", "shield")])
    assert "wafv2:AssociateWebACL" in granted
    assert "shield:CreateProtection" in granted
    assert "Disassociate" not in granted
    assert "Delete" not in granted


@pytest.mark.parametrize("reserved", [False, True])
def test_karpenter_launches_into_reservations_of_this_cluster_only_when_switched_on(
    reserved: bool, configuration: Raw, templates: Templates, objects_in: Objects
) -> None:
    addons = {"karpenter": {"reserved_capacity": reserved}, "karpenter-crd": {}}
    pools = [RESERVED if reserved else RESERVED | {"capacity_types": ["on-demand"]}]
    template = templates(configuration | {"addons": addons, "node_pools": pools})["Addons"]

    [spec] = [each["spec"] for each in objects_in(template) if each["kind"] == "EC2NodeClass"]
    found = policies(template, "test-karpenter")
    assert spec.get("capacityReservationSelectorTerms") == ([{"tags": DISCOVERY}] if reserved else None)
    assert spec["subnetSelectorTerms"] == [{"tags": DISCOVERY}]
    assert ("karpenter-reserved-capacity" in found) == reserved
    if reserved:
        [launch] = found["karpenter-reserved-capacity"].values()
        assert launch["Condition"] == {"StringEquals": {f"aws:ResourceTag/{key}": "test" for key in DISCOVERY}}


def test_a_node_pool_waits_for_the_node_class(configuration: Raw, templates: Templates) -> None:
    addons = {"karpenter": {}, "karpenter-crd": {}}
    pools = [RESERVED | {"capacity_types": ["spot"]}]
    template = templates(configuration | {"addons": addons, "node_pools": pools})["Addons"]

    paths = {each["Metadata"]["aws:cdk:path"]: logical_id for logical_id, each in template.resources.items()}
    [node_class] = [logical_id for path, logical_id in paths.items() if "/NodeClass/" in path]
    [pool] = [logical_id for path, logical_id in paths.items() if "/NodePool-default/" in path]
    assert node_class in template.resources[pool]["DependsOn"]


@pytest.mark.parametrize("key", [None, KEY])
def test_volumes_are_encrypted_with_the_given_key_which_only_their_driver_may_use(
    key: str | None, configuration: Raw, templates: Templates, objects_in: Objects
) -> None:
    cluster = configuration["cluster"] | ({"volume_key_arn": key} if key else {})
    stacks = templates(configuration | {"cluster": cluster, "addons": {"storage-classes": {}}})

    [gp3] = [each for each in objects_in(stacks["Addons"]) if each["metadata"]["name"] == "gp3"]
    found = policies(stacks["Cluster"], "test-csi-ebs")
    assert gp3["parameters"].get("kmsKeyId") == key
    assert gp3["parameters"]["encrypted"] == "true"
    assert ("ebs-csi-controller-kms" in found) == bool(key)
    if key:
        assert {statement["Resource"] for statement in found["ebs-csi-controller-kms"].values()} == {key}
