"""EKS's own add-ons: their order, their identities, and what they are told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

GROUP, ADDON = "AWS::EKS::Nodegroup", "AWS::EKS::Addon"
BEFORE_NODES = {"vpc-cni", "eks-pod-identity-agent", "kube-proxy"}
AFTER_NODES = {"coredns", "aws-ebs-csi-driver"}


@pytest.fixture
def cluster(configuration: Raw, templates: Templates) -> Template:
    """The Cluster stack of the small environment."""
    return templates(configuration)["Cluster"]


@pytest.fixture
def addons(cluster: Template) -> dict[str, tuple[str, Any]]:
    """The EKS add-ons by name: logical id and properties."""
    return {properties["AddonName"]: (logical_id, properties) for logical_id, properties in cluster.of_type(ADDON)}


def test_networking_and_identity_come_before_the_nodes_and_what_runs_on_nodes_after_them(
    cluster: Template, addons: dict[str, tuple[str, Any]]
) -> None:
    groups = [logical_id for logical_id, _ in cluster.of_type(GROUP)]

    assert groups
    assert addons.keys() == BEFORE_NODES | AFTER_NODES
    for group in groups:
        assert {addons[name][0] for name in BEFORE_NODES} <= set(cluster.resources[group]["DependsOn"])
    for name in AFTER_NODES:
        assert set(groups) <= set(cluster.resources[addons[name][0]]["DependsOn"])


def test_the_network_plugin_delegates_prefixes(addons: dict[str, tuple[str, Any]]) -> None:
    _, plugin = addons["vpc-cni"]

    assert json.loads(plugin["ConfigurationValues"]) == {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}


@pytest.mark.parametrize(
    ("addon", "service_account", "role_name"),
    [("vpc-cni", "aws-node", "test-vpc-cni"), ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "test-csi-ebs")],
)
def test_an_add_on_has_a_role_that_only_its_service_account_can_take(
    addon: str, service_account: str, role_name: str, cluster: Template, addons: dict[str, tuple[str, Any]]
) -> None:
    _, properties = addons[addon]

    [association] = properties["PodIdentityAssociations"]
    role = cluster.referred_to(association["RoleArn"])
    assert role is not None
    [statement] = cluster.properties(role)["AssumeRolePolicyDocument"]["Statement"]
    assert association["ServiceAccount"] == service_account
    assert cluster.properties(role)["RoleName"] == role_name
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert (
        statement["Condition"]["StringEquals"].items()
        >= {
            "aws:RequestTag/eks-cluster-name": "test",
            "aws:RequestTag/kubernetes-namespace": "kube-system",
            "aws:RequestTag/kubernetes-service-account": service_account,
        }.items()
    )


def test_ebs_volumes_carry_the_tags(addons: dict[str, tuple[str, Any]]) -> None:
    _, driver = addons["aws-ebs-csi-driver"]

    assert json.loads(driver["ConfigurationValues"]) == {"controller": {"extraVolumeTags": {"stage": "test"}}}


def test_an_add_on_has_the_version_of_the_configuration_or_eks_chooses_one(
    configuration: Raw, templates: Templates
) -> None:
    configuration["cluster"]["addon_versions"] = {"aws-ebs-csi-driver": "v1.58.0-eksbuild.1"}

    made = [addon for _, addon in templates(configuration)["Cluster"].of_type(ADDON)]

    versions = {addon["AddonName"]: addon.get("AddonVersion") for addon in made}
    assert len(versions) > 4
    assert {name: version for name, version in versions.items() if version} == {
        "aws-ebs-csi-driver": "v1.58.0-eksbuild.1"
    }
