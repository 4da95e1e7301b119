"""The Data stack: each service is optional, nothing is open, and it waits for the network alone."""

import json
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

TYPES = {
    "file_system": "AWS::EFS::FileSystem",
    "database": "AWS::RDS::DBInstance",
    "artifact_bucket": "AWS::S3::Bucket",
}
KEY, SECURITY_GROUP = "AWS::KMS::Key", "AWS::EC2::SecurityGroup"


@pytest.mark.parametrize("sections", [kept for count in range(4) for kept in combinations(TYPES, count)], ids=str)
def test_every_combination_of_data_services_synthesizes(
    sections: tuple[str, ...], configuration: Raw, data_sections: Raw, templates: Templates
) -> None:
    configuration["data"] = {name: data_sections[name] for name in sections}
    configuration["addons"] = {"aws-efs-csi-driver": {}} if "file_system" in sections else {}

    template = templates(configuration)["Data"]

    made = {name for name, resource_type in TYPES.items() if list(template.of_type(resource_type))}
    assert made == set(sections)
    assert len(list(template.of_type(KEY))) == bool(sections)


def test_a_plane_without_data_and_add_ons_passes_cloudformations_own_validation(
    configuration: Raw, application: Callable[..., App], tmp_path: Path
) -> None:
    application(configuration, tmp_path, validation=True).synth()

    data = json.loads((tmp_path / "Data.template.json").read_text())
    report = json.loads((tmp_path / "validation-report.json").read_text())
    assert not data.get("Resources")
    assert any("CloudFormation" in plugin["pluginName"] for plugin in report["pluginReports"])


def test_the_key_is_kept_as_long_as_what_it_encrypts(data: Template) -> None:
    [(logical_id, properties)] = data.of_type(KEY)
    resource = data.resources[logical_id]

    assert properties["EnableKeyRotation"] is True
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_nothing_is_let_in_or_out_by_the_data_stack_itself(data: Template) -> None:
    groups = [properties for _, properties in data.of_type(SECURITY_GROUP)]

    assert len(groups) == 2
    for group in groups:
        assert "SecurityGroupIngress" not in group
        assert [(rule["CidrIp"], rule["IpProtocol"]) for rule in group["SecurityGroupEgress"]] == [
            ("255.255.255.255/32", "icmp")  # EC2 opens everything where a group has no egress rule
        ]
    assert not list(data.of_type("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"))


def test_data_refers_to_the_network_alone(data: Template) -> None:
    referred = set(_stack_names(data.resources))

    assert referred == {"test-network"}


def _stack_names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "Fn::GetStackOutput" in node:
            yield node["Fn::GetStackOutput"]["StackName"]
        for value in node.values():
            yield from _stack_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _stack_names(value)
