"""The registry knows what the rehearsal derives from it."""

import pytest

from rehearsal.cloudformation.schemas import Registry, values_at


def test_known_types_are_those_of_the_region(registry: Registry) -> None:
    known = {name: registry.known(name) for name in ("AWS::EKS::Cluster", "Custom::Anything", "AWS::EKS::Nothing")}

    assert known == {"AWS::EKS::Cluster": True, "Custom::Anything": True, "AWS::EKS::Nothing": False}


@pytest.mark.parametrize(
    ("resource_type", "expected"),
    [
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::SSM::Parameter", "Name"),
        ("AWS::EC2::SecurityGroup", "GroupName"),
        ("AWS::RDS::DBInstance", "DBInstanceIdentifier"),
        ("AWS::KMS::Alias", "AliasName"),
        ("AWS::EC2::VPC", None),
    ],
)
def test_the_property_that_names_a_resource(resource_type: str, expected: str | None, registry: Registry) -> None:
    name_property = registry.name_property(resource_type)

    assert name_property == expected


def test_only_create_only_properties_replace(registry: Registry) -> None:
    old = {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": True}

    moved = registry.replaced_by("AWS::EC2::VPC", old, {**old, "CidrBlock": "10.1.0.0/16"})
    changed = registry.replaced_by("AWS::EC2::VPC", old, {**old, "EnableDnsSupport": False})

    assert moved == ["CidrBlock"]
    assert changed == []


def test_a_nested_create_only_property_replaces(registry: Registry) -> None:
    old = {"KubernetesNetworkConfig": {"IpFamily": "ipv4"}}

    replaced_by = registry.replaced_by("AWS::EKS::Cluster", old, {"KubernetesNetworkConfig": {"IpFamily": "ipv6"}})

    assert replaced_by == ["KubernetesNetworkConfig.IpFamily"]


def test_a_star_in_a_path_means_every_element() -> None:
    found = values_at({"Rules": [{"Port": 1}, {"Port": 2}, {}]}, ("Rules", "*", "Port"))

    assert found == [1, 2]
