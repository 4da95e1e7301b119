"""The Addons stack: what each chart and object is told, what is left out, and the way to the data."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]
Objects = Callable[[Template], list[Raw]]

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
ISTIO = {"aws-load-balancer-controller": {}, "istio-base": {}, "istiod": {}}
DATABASE = {"engine_version": "17.9", "instance_class": "db.t4g.medium", "multi_az": False}


@pytest.fixture
def addons(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Addons stack with the given add-ons and sections."""

    def synthesized(addons: Raw, **sections: Any) -> Template:
        return templates(configuration | sections | {"addons": addons})["Addons"]

    return synthesized


@pytest.fixture
def storage_defaults(objects_in: Objects) -> Callable[[Template], dict[str, str]]:
    """Which StorageClass objects call themselves the default one."""

    def read(template: Template) -> dict[str, str]:
        classes = [each for each in objects_in(template) if each["kind"] == "StorageClass"]
        return {each["metadata"]["name"]: each["metadata"]["annotations"][DEFAULT_CLASS] for each in classes}

    return read


def test_an_add_on_that_is_disabled_or_absent_installs_nothing(
    addons: Callable[..., Template], releases_in: Releases
) -> None:
    template = addons({"istio-base": {}, "karpenter-crd": {"enabled": False}})

    assert releases_in(template).keys() == {"istio-base"}
    assert len(template.resources) == 1


def test_the_operators_values_are_merged_over_the_planes_and_a_null_takes_one_away(
    addons: Callable[..., Template], releases_in: Releases
) -> None:
    own = {"replicaCount": 3, "podDisruptionBudget": {"minAvailable": 1}, "defaultTargetType": None}
    plain = releases_in(addons({"aws-load-balancer-controller": {}}))
    changed = releases_in(addons({"aws-load-balancer-controller": {"values": own}}))

    before, after = (found["aws-load-balancer-controller"]["Values"] for found in (plain, changed))
    assert (before["podDisruptionBudget"], before["defaultTargetType"]) == ({"maxUnavailable": 1}, "ip")
    assert "defaultTargetType" not in after
    assert after["podDisruptionBudget"] == {"maxUnavailable": 1, "minAvailable": 1}
    assert after["replicaCount"] == 3
    assert after["clusterName"] == before["clusterName"]


def test_the_load_balancer_controller_knows_its_cluster_and_cannot_block_other_charts(
    addons: Callable[..., Template], releases_in: Releases
) -> None:
    template = addons({"aws-load-balancer-controller": {}})

    values = releases_in(template)["aws-load-balancer-controller"]["Values"]
    assert (values["clusterName"], values["region"], values["defaultTags"]) == (
        "test",
        "eu-central-1",
        {"stage": "test"},
    )
    assert "Vpc" in values["vpcId"]
    assert values["enableServiceMutatorWebhook"] is False


def test_istio_comes_in_order_and_its_mesh_is_mutual_tls(
    addons: Callable[..., Template], releases_in: Releases, objects_in: Objects
) -> None:
    template = addons({**ISTIO, "istio-gateway-internal": {}})

    releases = releases_in(template)
    assert {name: chart["Namespace"] for name, chart in releases.items() if name.startswith("istio")} == {
        "istio-base": "istio-system",
        "istiod": "istio-system",
        "istio-gateway-internal": "istio-ingress",
    }
    [policy] = [each for each in objects_in(template) if each["kind"] == "PeerAuthentication"]
    assert policy["metadata"]["namespace"] == "istio-system"
    assert policy["spec"] == {"mtls": {"mode": "STRICT"}}


def test_the_file_system_is_the_default_class_where_there_is_one(
    addons: Callable[..., Template], releases_in: Releases, storage_defaults: Callable[[Template], dict[str, str]]
) -> None:
    template = addons({"aws-efs-csi-driver": {}, "storage-classes": {}}, data={"file_system": {}})

    [efs] = releases_in(template)["aws-efs-csi-driver"]["Values"]["storageClasses"]
    assert storage_defaults(template) == {"gp3": "false", "gp2": "false"}
    assert efs["annotations"] == {DEFAULT_CLASS: "true"}
    assert efs["mountOptions"] == ["tls", "iam"]
    assert efs["parameters"].items() >= {"provisioningMode": "efs-ap", "directoryPerms": "700"}.items()
    assert "FileSystem" in efs["parameters"]["fileSystemId"]


def test_directory_permissions_are_the_configurations(addons: Callable[..., Template], releases_in: Releases) -> None:
    template = addons({"aws-efs-csi-driver": {"directory_permissions": "755"}}, data={"file_system": {}})

    [efs] = releases_in(template)["aws-efs-csi-driver"]["Values"]["storageClasses"]
    assert efs["parameters"]["directoryPerms"] == "755"


def test_without_a_file_system_gp3_is_the_default_class_and_encrypted(
    addons: Callable[..., Template], objects_in: Objects, storage_defaults: Callable[[Template], dict[str, str]]
) -> None:
    template = addons({"storage-classes": {}})

    assert storage_defaults(template) == {"gp3": "true", "gp2": "false"}
    [gp3] = [each for each in objects_in(template) if each["metadata"]["name"] == "gp3"]
    assert gp3["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert gp3["provisioner"] == "ebs.csi.aws.com"


@pytest.mark.parametrize(
    ("data", "ports"),
    [
        ({"file_system": {}, "database": DATABASE, "artifact_bucket": {}}, [2049, 5432]),
        ({"file_system": {}}, [2049]),
        ({"database": DATABASE}, [5432]),
        ({"artifact_bucket": {}}, []),
    ],
)
def test_the_cluster_reaches_each_data_service_on_its_port_and_nothing_else_is_open(
    data: Raw, ports: list[int], addons: Callable[..., Template]
) -> None:
    template = addons({"aws-efs-csi-driver": {}} if "file_system" in data else {}, data=data)

    rules = [properties for _, properties in template.of_type("AWS::EC2::SecurityGroupIngress")]
    assert [(rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) for rule in rules] == [
        (port, port, "tcp") for port in ports
    ]
    for rule in rules:
        assert "ClusterSecurityGroupId" in rule["SourceSecurityGroupId"]["Fn::GetStackOutput"]["OutputName"]
        assert rule["GroupId"]["Fn::GetStackOutput"]["StackName"] == "test-data"
        assert not rule.keys() & {"CidrIp", "CidrIpv6"}
    assert not list(template.of_type("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress"))
