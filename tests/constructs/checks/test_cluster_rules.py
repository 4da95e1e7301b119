"""EKS1, EKS2, IAM26 and IAM28, each firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.cluster import LOG_TYPES, administrators, control_plane_logs, public_endpoint
from compute_plane.checks.instances import metadata_service
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

API_ONLY = {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False}
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ADMIN = "arn:aws:iam::111122223333:role/admin"


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
    ("access", "expected"),
    [
        (API_ONLY, []),
        (
            {**API_ONLY, "AuthenticationMode": "API_AND_CONFIG_MAP"},
            ["AuthenticationMode::API_AND_CONFIG_MAP"],
        ),
        ({"AuthenticationMode": "API"}, ["BootstrapClusterCreatorAdminPermissions"]),
        (None, ["AuthenticationMode::missing", "BootstrapClusterCreatorAdminPermissions"]),
    ],
)
def test_iam26_wants_access_entries_only_and_no_administrator_by_creation(access: Any, expected: list[str]) -> None:
    assert details(administrators(cluster(AccessConfig=access))) == expected


def lambda_role(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [statement]}}}


def entry(
    principal: Any, *, groups: Any = None, scope: str = "cluster", service: str = "ec2.amazonaws.com"
) -> Template:
    policies = [{"PolicyArn": ADMIN_POLICY, "AccessScope": {"Type": scope}}]
    properties = {"PrincipalArn": principal, "AccessPolicies": policies, "KubernetesGroups": groups}
    return only("AWS::EKS::AccessEntry", properties, Handler=lambda_role(service))


HANDLER = {"Fn::GetAtt": ["Handler", "Arn"]}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (entry(ADMIN), []),
        (entry(HANDLER, service="lambda.amazonaws.com"), []),
        (entry(HANDLER, scope="namespace"), []),
        (entry(HANDLER), ["Principal::<Handler.Arn>"]),
        (entry("arn:aws:iam::111122223333:root"), ["Principal::arn:aws:iam::111122223333:root"]),
        (entry("arn:aws:iam::111122223333:role/*"), ["Principal::arn:aws:iam::111122223333:role/*"]),
        (entry({"Fn::ImportValue": "Someone"}), ["Principal::Someone"]),
        (entry(ADMIN, groups=["viewers", "system:masters"]), ["Group::system:masters"]),
    ],
)
def test_iam26_wants_administrators_by_name(template: Template, expected: list[str]) -> None:
    assert details(administrators(template)) == expected


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


GOOD_OPTIONS = {"httpTokens": "required", "httpPutResponseHopLimit": 1}


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (node_class(GOOD_OPTIONS), []),
        ({"Fn::Join": ["", [node_class(GOOD_OPTIONS)[:-1], ',{"kind":"', {"Ref": "Kind"}, '"}]']]}, []),
        (
            {"Fn::Join": ["", ['[{"kind":"EC2NodeClass","spec":{"role":"', {"Ref": "Role"}, '"}}]']]},
            ["HttpTokens::missing", "HttpPutResponseHopLimit::missing"],
        ),
        (node_class({**GOOD_OPTIONS, "httpPutResponseHopLimit": 2}), ["HttpPutResponseHopLimit::2"]),
        (node_class(None), ["HttpTokens::missing", "HttpPutResponseHopLimit::missing"]),
        ({"Ref": "SomeParameter"}, ["Unreadable::Manifest"]),
        ("{", ["Unreadable::Manifest"]),
    ],
)
def test_iam28_reads_the_node_classes_of_karpenter(manifest: Any, expected: list[str]) -> None:
    template = only("Custom::AWSCDK-EKS-KubernetesResource", {"Manifest": manifest})

    assert details(metadata_service(template)) == expected
