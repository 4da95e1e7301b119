"""IAM10 for Pod Identity, firing and staying silent."""

import copy
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.service_accounts import one_service_account
from compute_plane.checks.template import Template

OURS = PlaneFacts(account="111122223333", cluster_name="cp", region="eu-west-1")
POD = {
    "aws:SourceAccount": {"Ref": "AWS::AccountId"},
    "aws:RequestTag/eks-cluster-arn": {
        "Fn::Sub": "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/cp"
    },
    "aws:RequestTag/eks-cluster-name": "cp",
    "aws:RequestTag/kubernetes-namespace": "kube-system",
    "aws:RequestTag/kubernetes-service-account": "karpenter",
}
CLUSTER = {"Type": "AWS::EKS::Cluster", "Properties": {}}


def trust(*statements: dict[str, Any], **resources: Any) -> Template:
    properties = {"AssumeRolePolicyDocument": {"Statement": list(statements)}}
    here = {"Cluster": CLUSTER, **resources}
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Role", "Properties": properties}, **here}}, OURS)


def allow(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def pod_identity(actions: Any = ("sts:AssumeRole", "sts:TagSession"), **changes: Any) -> Template:
    tests = {key: value for key, value in {**POD, **changes}.items() if value is not None}
    return trust(allow({"Service": "pods.eks.amazonaws.com"}, list(actions), StringEquals=tests))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (pod_identity(), []),
        *((pod_identity(**{key: None}), [f"Missing::{key}"]) for key in copy.copy(POD)),
        (
            pod_identity(**{"aws:RequestTag/kubernetes-service-account": ["a", "b"]}),
            ["Several::aws:RequestTag/kubernetes-service-account"],
        ),
        (
            pod_identity(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
            ["Action::sts:SetSourceIdentity"],
        ),
        (trust(allow({"Service": "lambda.amazonaws.com"})), []),
    ],
)
def test_iam10_wants_one_service_account_of_one_cluster(template: Template, expected: list[str]) -> None:
    assert details(one_service_account(template)) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aws:SourceAccount", "999999999999", False),
        ("aws:SourceAccount", {"Ref": "Given"}, False),
        ("aws:SourceAccount", "111122223333", True),
        ("aws:RequestTag/eks-cluster-name", "cp-2", False),
        ("aws:RequestTag/eks-cluster-name", {"Ref": "Given"}, False),
        ("aws:RequestTag/eks-cluster-name", {"Ref": "Cluster"}, True),
        ("aws:RequestTag/eks-cluster-arn", "arn:aws:eks:eu-west-1:111122223333:cluster/cp-2", False),
        ("aws:RequestTag/eks-cluster-arn", "arn:aws:eks:us-east-1:111122223333:cluster/cp", False),
        ("aws:RequestTag/eks-cluster-arn", "arn:aws:eks:eu-west-1:999999999999:cluster/cp", False),
        ("aws:RequestTag/eks-cluster-arn", {"Fn::GetAtt": ["Cluster", "Arn"]}, True),
        ("aws:RequestTag/kubernetes-namespace", "*", False),
        ("aws:RequestTag/kubernetes-namespace", {"Ref": "Given"}, False),
    ],
)
def test_iam10_compares_the_values_with_the_plane(key: str, value: Any, expected: bool) -> None:
    found = details(one_service_account(pod_identity(**{key: value})))

    assert [detail.partition("::")[0] for detail in found] == ([] if expected else [key])


@pytest.mark.parametrize(
    "service", ["pods.eks.amazonaws.com.cn", {"Fn::Sub": "pods.eks.${AWS::URLSuffix}"}, "Pods.EKS.amazonaws.com"]
)
def test_iam10_knows_the_service_by_every_spelling(service: Any) -> None:
    found = details(one_service_account(trust(allow({"Service": service}))))

    assert found == [f"Missing::{key}" for key in sorted(POD)]
