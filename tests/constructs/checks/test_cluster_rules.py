"""EKS1, EKS2 and IAM28, each firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.cluster import LOG_TYPES, control_plane_logs, public_endpoint
from compute_plane.checks.instances import metadata_service
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template


def only(resource_type: str, properties: dict[str, Any], **resources: Any) -> Template:
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}})


def cluster(**properties: Any) -> Template:
    return only("AWS::EKS::Cluster", properties)


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ({"EndpointPublicAccess": False}, []),
        ({"EndpointPublicAccess": True, "PublicAccessCidrs": ["198.51.100.0/24"]}, []),
        ({"EndpointPublicAccess": True}, ["PublicAccess::0.0.0.0/0"]),
        ({"EndpointPublicAccess": True, "PublicAccessCidrs": []}, ["PublicAccess::0.0.0.0/0"]),
        ({"EndpointPublicAccess": True, "PublicAccessCidrs": ["128.0.0.0/1"]}, ["PublicAccess::128.0.0.0/1"]),
        ({"PublicAccessCidrs": ["198.51.100.0/24", "::/0"]}, ["PublicAccess::::/0"]),
        (None, ["PublicAccess::0.0.0.0/0"]),
    ],
)
def test_eks1_wants_no_public_endpoint_or_named_networks(network: Any, expected: list[str]) -> None:
    assert details(public_endpoint(cluster(ResourcesVpcConfig=network))) == expected


def test_eks2_wants_all_five_logs() -> None:
    def logging(*types: str) -> Template:
        enabled = [{"Type": log_type} for log_type in types]
        return cluster(Logging={"ClusterLogging": {"EnabledTypes": enabled}})

    assert details(control_plane_logs(logging(*LOG_TYPES))) == []
    assert details(control_plane_logs(logging("api", "audit", "scheduler"))) == [
        "LogExport::authenticator",
        "LogExport::controllerManager",
    ]
    assert len(details(control_plane_logs(cluster()))) == 5


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"HttpTokens": "required", "HttpPutResponseHopLimit": 1}, []),
        ({"HttpTokens": "required", "HttpPutResponseHopLimit": 2}, ["HttpPutResponseHopLimit::2"]),
        ({"HttpTokens": "optional", "HttpPutResponseHopLimit": 1}, ["HttpTokens::optional"]),
        (None, ["HttpTokens::missing", "HttpPutResponseHopLimit::missing"]),
    ],
)
def test_iam28_wants_hop_limit_one_in_launch_templates(options: Any, expected: list[str]) -> None:
    template = only("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"MetadataOptions": options}})

    assert details(metadata_service(template)) == expected


def test_iam28_wants_a_launch_template_on_every_node_group() -> None:
    with_template = only("AWS::EKS::Nodegroup", {"LaunchTemplate": {"Id": "lt-1"}})

    assert details(metadata_service(with_template)) == []
    assert details(metadata_service(only("AWS::EKS::Nodegroup", {}))) == ["Missing::LaunchTemplate"]


def node_class(options: Any) -> str:
    spec = {"role": "r", "metadataOptions": options} if options else {"role": "r"}
    return json.dumps([{"kind": "NodePool", "spec": {}}, {"kind": "EC2NodeClass", "spec": spec}])


NO_OPTIONS = ["HttpTokens::missing", "HttpPutResponseHopLimit::missing"]
GOOD_OPTIONS = {"httpTokens": "required", "httpPutResponseHopLimit": 1}


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (node_class(GOOD_OPTIONS), []),
        (
            {"Fn::Join": ["", [node_class(GOOD_OPTIONS)[:-1], ',{"kind":"', {"Ref": "Kind"}, '"}]']]},
            ["Unreadable::Manifest"],
        ),
        (json.dumps({"kind": "List", "items": json.loads(node_class(None))}), NO_OPTIONS),
        (
            {"Fn::Join": ["", ['[{"kind":"EC2NodeClass","spec":{"role":"', {"Ref": "Role"}, '"}}]']]},
            NO_OPTIONS,
        ),
        (node_class({**GOOD_OPTIONS, "httpPutResponseHopLimit": 2}), ["HttpPutResponseHopLimit::2"]),
        (node_class(None), NO_OPTIONS),
        ({"Ref": "SomeParameter"}, ["Unreadable::Manifest"]),
        ("{", ["Unreadable::Manifest"]),
    ],
)
def test_iam28_reads_the_node_classes_of_karpenter(manifest: Any, expected: list[str]) -> None:
    template = only("Custom::AWSCDK-EKS-KubernetesResource", {"Manifest": manifest})

    assert details(metadata_service(template)) == expected


def test_iam28_reads_node_classes_in_the_values_of_a_release() -> None:
    values = json.dumps({"extraObjects": [{"kind": "EC2NodeClass", "spec": {}}]})
    reference = json.dumps({"nodeClassRef": {"kind": "EC2NodeClass", "name": "default"}})

    assert details(metadata_service(only("Custom::AWSCDK-EKS-HelmChart", {"Values": values}))) == NO_OPTIONS
    assert details(metadata_service(only("Custom::AWSCDK-EKS-HelmChart", {"Values": reference}))) == []


SAFE = {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}


@pytest.mark.parametrize("resource_type", ["AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration"])
@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"MetadataOptions": SAFE}, []),
        ({"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Safe"}}}, []),
        ({}, NO_OPTIONS),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1"}}, NO_OPTIONS),
        (
            {
                "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Safe"}},
                "MetadataOptions": {**SAFE, "HttpTokens": "optional"},
            },
            ["HttpTokens::optional"],
        ),
    ],
)
def test_iam28_reads_instances_outside_of_node_groups(resource_type: str, properties: Any, expected: list[str]) -> None:
    safe = {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"MetadataOptions": SAFE}}}

    assert details(metadata_service(only(resource_type, properties, Safe=safe))) == expected
