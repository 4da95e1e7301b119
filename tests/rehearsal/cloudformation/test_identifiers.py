"""Identifiers are plausible, deterministic and named as CloudFormation names them."""

import re
from typing import Any

import pytest

from rehearsal.cloudformation.providers.base import Request
from rehearsal.cloudformation.providers.identity import Identity


def request_of(resource_type: str, logical_id: str = "Thing", **properties: Any) -> Request:
    return Request("stack-id", "Plane", logical_id, resource_type, properties, "0123456789abcdef" * 4)


@pytest.mark.parametrize(
    ("resource_type", "properties", "pattern"),
    [
        ("AWS::EC2::NatGateway", {}, r"nat-[0-9a-f]{17}"),
        ("AWS::EFS::FileSystem", {}, r"fs-[0-9a-f]{17}"),
        ("AWS::IAM::Role", {}, r"Plane-Thing-[A-Z0-9]{12}"),
        ("AWS::IAM::Role", {"RoleName": "mine"}, "mine"),
        ("AWS::S3::Bucket", {}, r"plane-thing-[a-z0-9]{12}"),
        ("AWS::SQS::Queue", {"QueueName": "q"}, r"https://sqs\.eu-west-1\.amazonaws\.com/123456789012/q"),
        ("AWS::EKS::Addon", {"ClusterName": "c", "AddonName": "coredns"}, r"c\|coredns"),
        ("AWS::EKS::Nodegroup", {"ClusterName": "c", "NodegroupName": "n"}, "c/n"),
        ("AWS::Events::Rule", {"Name": "spot"}, "spot"),
        ("AWS::KMS::Key", {}, r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "p"}, r"arn:aws:iam::123456789012:policy/p"),
        ("AWS::WAFv2::WebACL", {"Name": "w", "Scope": "REGIONAL"}, r"w\|webacl-[0-9a-f]{17}\|REGIONAL"),
    ],
)
def test_ref_looks_like_the_services_own(
    resource_type: str, properties: dict[str, Any], pattern: str, identity: Identity
) -> None:
    made = identity.make(request_of(resource_type, **properties))

    assert re.fullmatch(pattern, made.physical_id), made.physical_id


@pytest.mark.parametrize(
    ("resource_type", "attribute", "pattern"),
    [
        ("AWS::EFS::FileSystem", "Arn", r"arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-\w+"),
        ("AWS::KMS::Key", "Arn", r"arn:aws:kms:eu-west-1:123456789012:key/[0-9a-f-]{36}"),
        ("AWS::IAM::Role", "Arn", r"arn:aws:iam::123456789012:role/Plane-Thing-\w{12}"),
        ("AWS::RDS::DBInstance", "Endpoint.Address", r"plane-thing-\w+\.[0-9a-f]{12}\.eu-west-1\.rds\.amazonaws\.com"),
        ("AWS::RDS::DBInstance", "Endpoint.Port", "5432"),
        ("AWS::EC2::EIP", "AllocationId", r"eipalloc-[0-9a-f]{17}"),
        ("AWS::EC2::LaunchTemplate", "LatestVersionNumber", "1"),
        ("AWS::ECR::Repository", "RepositoryUri", r"123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com/plane-thing-\w+"),
        ("AWS::Route53Resolver::FirewallRuleGroup", "Arn", r"arn:aws:route53resolver:eu-west-1:123456789012:.+"),
    ],
)
def test_attributes_that_others_parse_are_well_formed(
    resource_type: str, attribute: str, pattern: str, identity: Identity
) -> None:
    made = identity.make(request_of(resource_type))

    assert re.fullmatch(pattern, str(made.attributes[attribute])), made.attributes[attribute]


def test_the_same_history_gives_the_same_identifiers(identity: Identity) -> None:
    request = request_of("AWS::EC2::NatGateway")

    twice = [identity.make(request), identity.make(request)]

    assert twice[0] == twice[1]


def test_long_names_keep_to_the_services_limit(identity: Identity) -> None:
    request = request_of("AWS::IAM::Role", "Logical" * 20)

    name = identity.make(request).physical_id

    assert len(name) == 64


def test_names_collide_in_their_scope_only(identity: Identity) -> None:
    first = request_of("AWS::EKS::Nodegroup", ClusterName="a", NodegroupName="n")
    other = request_of("AWS::EKS::Nodegroup", ClusterName="b", NodegroupName="n")
    unnamed = request_of("AWS::EKS::Nodegroup", ClusterName="a")

    assert identity.keys(first) == {("AWS::EKS::Nodegroup", "a", "n")}
    assert not identity.keys(first) & identity.keys(other)
    assert identity.keys(unnamed) == set()
