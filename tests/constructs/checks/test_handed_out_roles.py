"""PIN3, firing and staying silent; and the rules over roles find a policy however it is attached."""

import json
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.handed_out import handed_out
from compute_plane.checks.roles import node_roles
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

OURS = PlaneFacts(account="111122223333", cluster_name="cp", names=frozenset({"cp-karpenter-node", "cp-dal"}))
OWN_ARN = "arn:aws:iam::111122223333:role/cp-dal"
STACK_OUTPUT = {"Fn::GetStackOutput": {"StackName": "cp-cluster", "OutputName": "Role"}}


def role(service: str, name: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    properties = {"RoleName": name, "AssumeRolePolicyDocument": {"Statement": [trust]}}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def template(resource_type: str, **properties: Any) -> Template:
    resources = {
        "It": {"Type": resource_type, "Properties": properties},
        "Node": role("ec2.amazonaws.com", "cp-karpenter-node"),
        "Pod": role("pods.eks.amazonaws.com", "cp-pod"),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
    }
    return Template({"Resources": resources}, OURS)


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


DOCUMENT = {"Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "b"}]}
TO_THE_NODE = [
    template("AWS::IAM::Policy", PolicyDocument=DOCUMENT, Roles=["cp-karpenter-node"]),
    template("AWS::IAM::Policy", PolicyDocument=DOCUMENT, Roles=[{"Fn::If": ["C", {"Ref": "Node"}, {"Ref": "Pod"}]}]),
    template("AWS::IAM::ManagedPolicy", PolicyDocument=DOCUMENT, Roles={"Fn::If": ["C", [{"Ref": "Node"}], []]}),
    template("AWS::IAM::ManagedPolicy", PolicyDocument=DOCUMENT, Roles=[{"Fn::Sub": "${Node}"}]),
    template("AWS::IAM::RolePolicy", PolicyDocument=DOCUMENT, RoleName="cp-karpenter-node"),
]


@pytest.mark.parametrize("attached", TO_THE_NODE)
def test_iam12_finds_a_policy_however_it_names_the_role_of_its_template(attached: Template) -> None:
    assert list(node_roles(attached)) == [Finding("Node", "s3:ListBucket::b")]
    assert details(handed_out(attached)) == []


def test_iam12_leaves_the_policies_of_other_roles_alone() -> None:
    assert list(node_roles(template("AWS::IAM::RolePolicy", PolicyDocument=DOCUMENT, RoleName="cp-pod"))) == []


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("cp-dal", ["Attached::cp-dal"]),
        ({"Ref": "Given"}, ["Attached::<Given>"]),
        ({"Fn::ImportValue": "Role"}, ["Attached::Role"]),
        ({"Ref": "Topic"}, ["Attached::<Topic>"]),
        ({"Fn::If": ["C", {"Ref": "Pod"}, "OrgAdmin"]}, ["Attached::OrgAdmin"]),
    ],
)
def test_pin3_wants_policies_attached_within_their_template(named: Any, expected: list[str]) -> None:
    assert details(handed_out(template("AWS::IAM::ManagedPolicy", PolicyDocument=DOCUMENT, Roles=[named]))) == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"Ref": "Node"}, []),
        ("cp-karpenter-node", []),
        ("OrgAdmin", ["Instance::OrgAdmin"]),
        ({"Ref": "Pod"}, ["Instance::<Pod>"]),
        ({"Ref": "Given"}, ["Instance::<Given>"]),
    ],
)
def test_pin3_gives_instances_a_role_for_instances(named: Any, expected: list[str]) -> None:
    assert details(handed_out(template("AWS::IAM::InstanceProfile", Roles=[named]))) == expected


@pytest.mark.parametrize("key", ["RoleArn", "TargetRoleArn"])
@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ({"Fn::GetAtt": ["Pod", "Arn"]}, []),
        (OWN_ARN, []),
        ({"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cp-dal"}, []),
        (STACK_OUTPUT, []),
        ("arn:aws:iam::111122223333:role/OrgAdmin", ["Pod::arn:aws:iam::111122223333:role/OrgAdmin"]),
        ("arn:aws:iam::999999999999:role/cp-dal", ["Pod::arn:aws:iam::999999999999:role/cp-dal"]),
        (f"{OWN_ARN}-2", [f"Pod::{OWN_ARN}-2"]),
        ({"Ref": "Given"}, ["Pod::<Given>"]),
        ({"Fn::GetAtt": ["Topic", "Arn"]}, ["Pod::<Topic.Arn>"]),
    ],
)
def test_pin3_gives_pods_roles_of_this_plane(key: str, arn: Any, expected: list[str]) -> None:
    assert details(handed_out(template("AWS::EKS::PodIdentityAssociation", **{key: arn}))) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"instanceProfile": "cp-karpenter-node"}, []),
        ({"instanceProfile": "OrgAdmin"}, ["Node::OrgAdmin"]),
        ({"role": "Admin", "instanceProfile": "cp-karpenter-node"}, ["Node::Admin"]),
    ],
)
def test_pin3_gives_nodes_a_profile_of_this_plane(spec: Any, expected: list[str]) -> None:
    node_class = {"kind": "EC2NodeClass", "spec": spec}
    manifest = template("Custom::AWSCDK-EKS-KubernetesResource", Manifest=json.dumps([node_class]))
    release = template("Custom::AWSCDK-EKS-HelmChart", Values=json.dumps({"extraObjects": [node_class]}))

    assert details(handed_out(manifest)) == expected
    assert details(handed_out(release)) == expected
