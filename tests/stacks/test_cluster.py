"""The Cluster stack's control plane: its role and key, its logs, its endpoint, and who may use it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.config.errors import ConfigurationError
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

CLUSTER, ENTRY = "AWS::EKS::Cluster", "AWS::EKS::AccessEntry"
ADMINISTRATOR = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


@pytest.fixture
def cluster(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Cluster stack with some sections changed."""

    def synthesized(**sections: Any) -> Template:
        return templates(configuration | sections)["Cluster"]

    return synthesized


def only(template: Template, resource_type: str) -> Any:
    [(_, properties)] = template.of_type(resource_type)
    return properties


def entries(template: Template) -> dict[str, list[tuple[str, Any]]]:
    """Policies and scopes of each access entry, by principal."""
    return {
        flatten(entry["PrincipalArn"]): [
            (flatten(policy["PolicyArn"]), policy["AccessScope"]) for policy in entry["AccessPolicies"]
        ]
        for _, entry in template.of_type(ENTRY)
    }


def test_kubernetes_secrets_are_encrypted_with_a_rotating_key_of_our_own(cluster: Callable[..., Template]) -> None:
    template = cluster()

    [(key, properties)] = template.of_type("AWS::KMS::Key")
    assert properties["EnableKeyRotation"] is True
    assert only(template, CLUSTER)["EncryptionConfig"] == [
        {"Provider": {"KeyArn": {"Fn::GetAtt": [key, "Arn"]}}, "Resources": ["secrets"]}
    ]


def test_the_cluster_role_is_the_requirement_documents(cluster: Callable[..., Template]) -> None:
    template = cluster()

    role = template.referred_to(only(template, CLUSTER)["RoleArn"])
    assert role is not None
    properties = template.properties(role)
    [(key, _)] = template.of_type("AWS::KMS::Key")
    [policy] = properties["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert properties["RoleName"] == "test-cluster"
    assert [flatten(arn).rpartition("/")[2] for arn in properties["ManagedPolicyArns"]] == [
        "AmazonEKSClusterPolicy",
        "AmazonEKSVPCResourceController",
    ]
    assert sorted(statement["Action"]) == ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"]
    assert statement["Resource"] == {"Fn::GetAtt": [key, "Arn"]}


def test_all_five_logs_go_to_a_group_that_is_there_first_and_forgets(cluster: Callable[..., Template]) -> None:
    template = cluster(cluster={"version": "1.35", "log_retention_days": 90})

    [(group, properties)] = template.of_type("AWS::Logs::LogGroup")
    [(logical_id, control_plane)] = template.of_type(CLUSTER)
    enabled = control_plane["Logging"]["ClusterLogging"]["EnabledTypes"]
    assert (properties["LogGroupName"], properties["RetentionInDays"]) == ("/aws/eks/test/cluster", 90)
    assert "KmsKeyId" in properties
    assert {each["Type"] for each in enabled} == {"api", "audit", "authenticator", "controllerManager", "scheduler"}
    assert group in template.resources[logical_id]["DependsOn"]


def test_the_endpoint_is_private_unless_networks_are_named(cluster: Callable[..., Template]) -> None:
    private = only(cluster(), CLUSTER)["ResourcesVpcConfig"]
    both = only(
        cluster(cluster={"version": "1.35", "log_retention_days": 30, "public_access_cidrs": ["81.2.69.0/24"]}),
        CLUSTER,
    )["ResourcesVpcConfig"]

    assert (private["EndpointPrivateAccess"], private["EndpointPublicAccess"]) == (True, False)
    assert (both["EndpointPrivateAccess"], both["EndpointPublicAccess"]) == (True, True)
    assert both["PublicAccessCidrs"] == ["81.2.69.0/24"]


def test_an_endpoint_open_to_everybody_is_refused(configuration: Raw, synthesize: Callable[..., Path]) -> None:
    configuration["cluster"]["public_access_cidrs"] = ["0.0.0.0/0"]

    with pytest.raises(ConfigurationError, match="would open the API to the world"):
        synthesize(configuration)


def test_the_cluster_is_not_in_auto_mode_and_lies_in_the_private_subnets(cluster: Callable[..., Template]) -> None:
    control_plane = only(cluster(), CLUSTER)

    assert control_plane["Name"] == "test"
    assert control_plane["Version"] == "1.35"
    assert control_plane["ComputeConfig"]["Enabled"] is False
    outputs = [
        subnet["Fn::GetStackOutput"]["OutputName"] for subnet in control_plane["ResourcesVpcConfig"]["SubnetIds"]
    ]
    assert len(outputs) == 2
    assert all("PrivateSubnet" in output for output in outputs)


@pytest.mark.parametrize("protection", [True, False])
def test_protection_guards_the_cluster_from_deletion(protection: bool, cluster: Callable[..., Template]) -> None:
    template = cluster(protection=protection)

    assert only(template, CLUSTER)["DeletionProtection"] is protection


def test_administrators_are_those_of_the_configuration_and_cdks_own_function(cluster: Callable[..., Template]) -> None:
    user = "arn:aws:iam::444455556666:user/anna"
    template = cluster(access={"admins": ["Admin", "team/Owner", user]})

    configured = {
        principal: policies for principal, policies in entries(template).items() if principal.startswith("arn:")
    }
    assert configured == {
        principal: [(ADMINISTRATOR, {"Type": "cluster"})]
        for principal in (
            "arn:aws:iam::<AWS::AccountId>:role/Admin",
            "arn:aws:iam::<AWS::AccountId>:role/team/Owner",
            user,
        )
    }
    [(_, function)] = [each for each in entries(template).items() if not each[0].startswith("arn:")]
    assert len(function) == 1
    access = only(template, CLUSTER)["AccessConfig"]
    assert access == {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False}


def test_everybody_else_has_the_policy_and_the_namespaces_of_the_configuration(
    cluster: Callable[..., Template],
) -> None:
    template = cluster(
        access={
            "admins": ["Admin"],
            "entries": [
                {"principal": "Viewer", "policy": "AmazonEKSViewPolicy"},
                {"principal": "Editor", "policy": "AmazonEKSEditPolicy", "namespaces": ["a", "b"]},
            ],
        }
    )

    found = entries(template)
    policies = "arn:aws:eks::aws:cluster-access-policy"
    assert found["arn:aws:iam::<AWS::AccountId>:role/Viewer"] == [
        (f"{policies}/AmazonEKSViewPolicy", {"Type": "cluster"})
    ]
    assert found["arn:aws:iam::<AWS::AccountId>:role/Editor"] == [
        (f"{policies}/AmazonEKSEditPolicy", {"Type": "namespace", "Namespaces": ["a", "b"]})
    ]


def test_roles_of_one_name_in_two_accounts_are_two_principals(cluster: Callable[..., Template]) -> None:
    arns = [f"arn:aws:iam::{account}:role/Admin" for account in ("111122223333", "444455556666")]
    template = cluster(access={"admins": arns})

    assert entries(template).keys() >= set(arns)


def test_a_version_out_of_support_is_synthesized_with_its_layer_and_a_warning(
    configuration: Raw, synthesize: Callable[..., Path]
) -> None:
    configuration["cluster"]["version"] = "1.29"
    assembly = synthesize(configuration)

    template = (assembly / "Cluster.template.json").read_text()
    report = json.loads((assembly / "validation-report.json").read_text())
    warnings = [each["description"] for plugin in report["pluginReports"] for each in plugin["violations"]]
    assert '"Version": "1.29"' in template
    assert any("Kubernetes 1.29: extended support ended on 2026-03-23" in warning for warning in warnings)
