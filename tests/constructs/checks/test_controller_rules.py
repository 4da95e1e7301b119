"""IAM11, firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.controllers import ROLE_ANNOTATION, one_role_each
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

ROLE = {"Fn::GetAtt": ["Role", "Arn"]}
OTHER = {"Fn::GetAtt": ["Other", "Arn"]}
ARN = "arn:aws:iam::111122223333:role/path/cp-efs"


def role(name: str, service: str = "pods.eks.amazonaws.com", *statements: Any) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    inline = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    properties = {"RoleName": name, "AssumeRolePolicyDocument": {"Statement": [trust]}, "Policies": inline}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def association(account: str, role_arn: Any, namespace: str = "kube-system") -> dict[str, Any]:
    properties = {"Namespace": namespace, "ServiceAccount": account, "RoleArn": role_arn}
    return {"Type": "AWS::EKS::PodIdentityAssociation", "Properties": properties}


def addon(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EKS::Addon", "Properties": {"AddonName": name, **properties}}


def rendered(value: Any, role_arn: Any) -> Any:
    """JSON text as CDK writes it: joined around the reference to the role."""
    before, after = json.dumps(value).split("ROLE")
    return {"Fn::Join": ["", [before, role_arn, after]]}


def release(account: str, role_arn: Any) -> dict[str, Any]:
    values = {"controller": {"serviceAccount": {"name": account, "annotations": {ROLE_ANNOTATION: "ROLE"}}}}
    properties = {"Namespace": "kube-system", "Values": rendered(values, role_arn)}
    return {"Type": "Custom::AWSCDK-EKS-HelmChart", "Properties": properties}


def manifest(account: str, role_arn: Any) -> dict[str, Any]:
    metadata = {"name": account, "namespace": "kube-system", "annotations": {ROLE_ANNOTATION: "ROLE"}}
    text = rendered([{"kind": "ServiceAccount", "metadata": metadata}], role_arn)
    return {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {"Manifest": text}}


def found(**resources: Any) -> list[Finding]:
    roles = {"Role": role("cp-efs"), "Other": role("cp-efs-node")}
    return list(one_role_each(Template({"Resources": {**roles, **resources}})))


@pytest.mark.parametrize(
    "second",
    [
        association("b", ROLE),
        association("b", ARN),
        association("a", ROLE, namespace="other"),
        addon("vpc-cni", ServiceAccountRoleArn=ROLE),
        release("b", ROLE),
        release("b", ARN),
        manifest("b", ROLE),
    ],
)
def test_iam11_refuses_a_role_of_two_service_accounts(second: dict[str, Any]) -> None:
    [finding] = found(First=association("a", ROLE), Second=second)

    assert finding.logical_id == "Second"
    assert finding.detail.startswith("cp-efs::")
    assert "kube-system/a" in finding.detail


@pytest.mark.parametrize(
    "second",
    [
        association("b", OTHER),
        addon("ebs", PodIdentityAssociations=[{"ServiceAccount": "b", "RoleArn": OTHER}]),
        release("a", ROLE),
        manifest("a", ROLE),
        release("b", "arn:aws:iam::111122223333:role/cp-efs-node"),
    ],
)
def test_iam11_accepts_a_role_for_each_and_one_account_that_is_named_twice(second: dict[str, Any]) -> None:
    assert found(First=association("a", ROLE), Second=second) == []


def test_iam11_refuses_one_role_for_two_accounts_of_one_eks_addon() -> None:
    both = [{"ServiceAccount": name, "RoleArn": ROLE} for name in ("controller", "node")]

    assert found(It=addon("aws-efs-csi-driver", PodIdentityAssociations=both)) == [
        Finding("It", "cp-efs::kube-system/controller+kube-system/node")
    ]


@pytest.mark.parametrize("kind", ["Custom::AWSCDK-EKS-HelmChart", "Custom::AWSCDK-EKS-KubernetesResource"])
def test_iam11_reports_what_it_cannot_read(kind: str) -> None:
    hidden = {"Type": kind, "Properties": {"Values": {"Ref": "P"}, "Manifest": {"Ref": "P"}}}

    assert found(It=hidden) == [Finding("It", "Unreadable")]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("ec2:RunInstances", True),
        ("elasticloadbalancing:DescribeLoadBalancers", True),
        ("route53:ChangeResourceRecordSets", True),
        ("autoscaling:SetDesiredCapacity", True),
        ("*", True),
        ("ec2:DescribeInstances", False),
    ],
)
def test_iam11_keeps_the_work_of_controllers_off_the_nodes(action: str, expected: bool) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}

    on_node = found(It=role("n", "ec2.amazonaws.com", statement))
    on_controller = found(It=role("n", "pods.eks.amazonaws.com", statement))

    assert on_node == ([Finding("It", f"Node::{action}")] if expected else [])
    assert on_controller == []
