"""IAM29, firing and staying silent; and the facts that it and others take from a configuration."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.naming import names
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template
from compute_plane.config.environment import EnvironmentConfig

OURS = PlaneFacts(cluster_name="cp", node_role="initial-eks-node-group-cp", cross_account_role="SpectroCloudRole")
PREFIXED = PlaneFacts(cluster_name="tfy-cp", name_prefix="tfy-", cross_account_role="SpectroCloudRole")
ROLE = "AWS::IAM::Role"


def found(resource_type: str, properties: dict[str, Any], facts: PlaneFacts = OURS) -> list[str]:
    template = Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}}}, facts)
    findings = list(names(template))
    assert all(finding == Finding("It", finding.detail) for finding in findings)
    return [finding.detail for finding in findings]


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        (ROLE, {"RoleName": "cp-karpenter"}),
        (ROLE, {"RoleName": "initial-eks-node-group-cp"}),
        (ROLE, {"RoleName": "SpectroCloudRole"}),
        (ROLE, {}),
        ("AWS::S3::Bucket", {"BucketName": {"Fn::Join": ["", ["cp-ml-", {"Ref": "AWS::AccountId"}]]}}),
        ("AWS::SQS::Queue", {"QueueName": "cp-karpenter"}),
        ("AWS::SNS::Topic", {"TopicName": "anything"}),
    ],
)
def test_iam29_accepts_names_that_begin_with_the_clusters_and_no_name(resource_type: str, properties: Any) -> None:
    assert found(resource_type, properties) == []


@pytest.mark.parametrize(
    ("resource_type", "property", "name"),
    [
        (ROLE, "RoleName", "cpu-role"),
        (ROLE, "RoleName", "initial-eks-node-group-other"),
        (ROLE, "RoleName", "<Parameter>"),
        ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "SpectroCloudRole"),
        ("AWS::IAM::InstanceProfile", "InstanceProfileName", "nodes"),
        ("AWS::SQS::Queue", "QueueName", "karpenter"),
        ("AWS::Events::Rule", "Name", "interruption"),
        ("AWS::S3::Bucket", "BucketName", "ml-cp"),
    ],
)
def test_iam29_reports_other_names(resource_type: str, property: str, name: str) -> None:
    value = {"Ref": name.strip("<>")} if name.startswith("<") else name

    assert found(resource_type, {property: value}) == [f"{property}::{name}"]


def test_iam29_asks_for_the_prefix_of_the_configuration() -> None:
    without = PlaneFacts(cluster_name="cp", name_prefix="tfy-")

    assert found(ROLE, {"RoleName": "tfy-cp-karpenter"}, PREFIXED) == []
    assert found(ROLE, {"RoleName": "SpectroCloudRole"}, PREFIXED) == ["Prefix::SpectroCloudRole"]
    assert found(ROLE, {"RoleName": "cp-karpenter"}, without) == ["Prefix::cp-karpenter"]


def test_the_facts_are_those_of_the_configuration(
    configuration: dict[str, Any], load_raw: Callable[..., EnvironmentConfig]
) -> None:
    facts = PlaneFacts.of(load_raw(configuration), "111122223333")

    assert (facts.account, facts.cluster_name, facts.admins) == ("111122223333", "test", ("Admin",))
    assert facts.platform_role == "test-platform-iam-role"
    assert facts.node_role == "initial-eks-node-group-test"
    assert facts.artifact_bucket == "test-ml-"
    assert facts.name_prefix is None
