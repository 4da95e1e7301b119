"""Managed policies made from documents: their names, their roles, and the values they take."""

from typing import Any

import pytest
from aws_cdk import App, Stack, assertions
from aws_cdk import aws_iam as iam

from compute_plane.iam.managed_policies import managed_policies
from compute_plane.iam.placeholders import DocumentError
from compute_plane.iam.role import role_from_documents
from compute_plane.names import Names

NAMES = Names("cp-euc1-test")


@pytest.fixture
def stack() -> Stack:
    return Stack(App(builtin_cloud_formation_validation=False), "Stack")


def policies(stack: Stack) -> dict[str, Any]:
    found = assertions.Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy")
    return {policy["Properties"]["ManagedPolicyName"]: policy["Properties"] for policy in found.values()}


def test_each_document_is_a_policy_named_after_the_plane_and_attached_to_the_role(stack: Stack) -> None:
    role = role_from_documents(stack, "Role", role_name="role", trust="trust-ec2", values={})

    managed_policies(
        stack,
        names=NAMES,
        documents=["node-deny-secrets", "cluster-encryption"],
        values={"ClusterKeyArn": "arn:aws:kms:eu-central-1:111122223333:key/1"},
        roles=[role],
    )

    made = policies(stack)
    assert set(made) == {"cp-euc1-test-node-deny-secrets", "cp-euc1-test-cluster-encryption"}
    assert all(policy["Roles"] == [{"Ref": "Role"}] for policy in made.values())
    statement = made["cp-euc1-test-cluster-encryption"]["PolicyDocument"]["Statement"][0]
    assert statement["Resource"] == "arn:aws:kms:eu-central-1:111122223333:key/1"


def test_a_policy_without_a_role_is_a_boundary_that_grants_nothing(stack: Stack) -> None:
    [boundary] = managed_policies(stack, names=NAMES, documents=["node-deny-secrets"], values={})

    assert isinstance(boundary, iam.CfnManagedPolicy)
    assert "Roles" not in policies(stack)["cp-euc1-test-node-deny-secrets"]


def test_a_value_that_no_document_uses_is_refused(stack: Stack) -> None:
    with pytest.raises(DocumentError, match=r"none of \['node-deny-secrets'\] uses the given \['VpcId'\]"):
        managed_policies(stack, names=NAMES, documents=["node-deny-secrets"], values={"VpcId": "vpc-1"})


def test_a_value_that_a_document_needs_is_asked_for(stack: Stack) -> None:
    with pytest.raises(DocumentError, match=r"cluster-encryption\.json.*no value for \$\{ClusterKeyArn\}"):
        managed_policies(stack, names=NAMES, documents=["cluster-encryption"], values={})
