"""IAM26 and IAM27, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.access_entries import KUBECTL, administrators, nodes
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import NO_FACTS, Template

API_ONLY = {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False}
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ADMIN = "arn:aws:iam::111122223333:role/admin"
HANDLER = {"Fn::GetAtt": ["Handler", "Arn"]}
NODE = {"Fn::GetAtt": ["Node", "Arn"]}


def only(resource_type: str, properties: dict[str, Any], *, facts: PlaneFacts = NO_FACTS, **resources: Any) -> Template:
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}}, facts)


def role(service: str, **properties: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = {"AssumeRolePolicyDocument": {"Statement": [statement]}}
    return {"Type": "AWS::IAM::Role", "Properties": trust | properties}


def function(description: str) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Function", "Properties": {"Description": description, "Role": HANDLER}}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


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
    cluster = only("AWS::EKS::Cluster", {"AccessConfig": access})

    assert details(administrators(cluster)) == expected


def entry(
    principal: Any, *, scope: str = "cluster", namespaces: Any = (), facts: PlaneFacts = NO_FACTS, **changes: Any
) -> Template:
    policies = [{"PolicyArn": ADMIN_POLICY, "AccessScope": {"Type": scope, "Namespaces": list(namespaces)}}]
    properties = {"PrincipalArn": principal, "AccessPolicies": policies, **changes}
    handler = {"Handler": role("lambda.amazonaws.com"), "Function": function(KUBECTL)}
    return only("AWS::EKS::AccessEntry", properties, facts=facts, **handler, Another=role("lambda.amazonaws.com"))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (entry(ADMIN), []),
        (entry(HANDLER), []),
        (entry({"Fn::GetAtt": ["Another", "Arn"]}, scope="namespace", namespaces=["team"]), []),
        (entry({"Fn::GetAtt": ["Another", "Arn"]}), ["Principal::<Another.Arn>"]),
        (entry("arn:aws:iam::111122223333:root"), ["Principal::arn:aws:iam::111122223333:root"]),
        (entry("arn:aws:iam::111122223333:role/*"), ["Principal::arn:aws:iam::111122223333:role/*"]),
        (entry({"Fn::ImportValue": "Someone"}), ["Principal::Someone"]),
        (entry(ADMIN, KubernetesGroups=["viewers", "system:masters"]), ["Group::system:masters"]),
    ],
)
def test_iam26_wants_administrators_by_name(template: Template, expected: list[str]) -> None:
    assert details(administrators(template)) == expected


OURS = PlaneFacts(account="111122223333", admins=("admin", "teams/lead", "arn:aws:iam::444455556666:user/guest"))
IN_THIS_ACCOUNT = {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":role/teams/lead"]]}


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (ADMIN, []),
        (IN_THIS_ACCOUNT, []),
        ("arn:aws:iam::444455556666:user/guest", []),
        ("arn:aws:iam::111122223333:role/lead", ["Principal::arn:aws:iam::111122223333:role/lead"]),
        ("arn:aws:iam::111122223333:user/admin", ["Principal::arn:aws:iam::111122223333:user/admin"]),
        ("arn:aws:iam::444455556666:role/admin", ["Principal::arn:aws:iam::444455556666:role/admin"]),
        ("arn:aws:iam::111122223333:user/guest", ["Principal::arn:aws:iam::111122223333:user/guest"]),
    ],
)
def test_iam26_compares_administrators_with_the_configuration(principal: Any, expected: list[str]) -> None:
    assert details(administrators(entry(principal, facts=OURS))) == expected


def node_entry(**changes: Any) -> Template:
    properties = {"PrincipalArn": NODE, "Type": "EC2_LINUX", **changes}
    return only("AWS::EKS::AccessEntry", properties, Node=role("ec2.amazonaws.com", RoleName="cp-node"))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (node_entry(), []),
        (node_entry(PrincipalArn="arn:aws:iam::111122223333:role/path/cp-node"), []),
        (node_entry(Type="STANDARD"), ["Type::STANDARD"]),
        (node_entry(Type=None), ["Type::STANDARD"]),
        (node_entry(AccessPolicies=[{"PolicyArn": ADMIN_POLICY}]), ["AccessPolicies"]),
        (node_entry(KubernetesGroups=["system:nodes"]), ["KubernetesGroups"]),
    ],
)
def test_iam27_wants_entries_of_nodes_typed_and_without_policies(template: Template, expected: list[str]) -> None:
    assert details(nodes(template)) == expected


def test_iam27_wants_an_entry_for_a_node_role_that_no_node_group_uses() -> None:
    group = {"Type": "AWS::EKS::Nodegroup", "Properties": {"NodeRole": NODE}}
    grouped = only("AWS::SNS::Topic", {}, Node=role("ec2.amazonaws.com"), Group=group)
    alone = only("AWS::IAM::Role", role("ec2.amazonaws.com")["Properties"])

    assert details(nodes(grouped)) == []
    assert details(nodes(alone)) == ["Missing::AccessEntry"]


def test_iam27_refuses_a_second_entry_for_the_role_of_a_node_group() -> None:
    properties = {"PrincipalArn": NODE, "Type": "EC2_LINUX"}
    group = {"Type": "AWS::EKS::Nodegroup", "Properties": {"NodeRole": NODE}}
    template = only("AWS::EKS::AccessEntry", properties, Node=role("ec2.amazonaws.com"), Group=group)

    assert details(nodes(template)) == ["NodeGroup"]


def test_iam27_refuses_to_let_anybody_else_join_as_a_node() -> None:
    person = only("AWS::EKS::AccessEntry", {"PrincipalArn": ADMIN, "Type": "EC2_LINUX"})
    standard = only("AWS::EKS::AccessEntry", {"PrincipalArn": ADMIN, "Type": "STANDARD"})

    assert details(nodes(person)) == [f"NotANode::{ADMIN}"]
    assert details(nodes(standard)) == []
