"""PIN2, firing and staying silent; and IAM4 on names that AWS gives in two ways."""

from typing import Any

import pytest

from compute_plane.checks.attached import attached_policies
from compute_plane.checks.real_names import real_names
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

AWS = "arn:aws:iam::aws:policy/"
PODS, NODES, LAMBDA = "pods.eks.amazonaws.com", "ec2.amazonaws.com", "lambda.amazonaws.com"
POLICY = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": {"Effect": "Deny"}}}}


def role(policy: Any, trusted: Any) -> Template:
    principal = trusted if isinstance(trusted, dict) else {"Service": trusted}
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    properties = {"AssumeRolePolicyDocument": {"Statement": trust}, "ManagedPolicyArns": [policy]}
    resources = {"It": {"Type": "AWS::IAM::Role", "Properties": properties}, "Policy": POLICY}
    return Template({"Resources": {**resources, "Name": {"Type": "AWS::SSM::Parameter"}}})


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


@pytest.mark.parametrize(
    "template",
    [
        role({"Ref": "Policy"}, PODS),
        role({"Fn::GetStackOutput": {"StackName": "s", "OutputName": "o"}}, PODS),
        role({"Fn::If": ["More", {"Ref": "Policy"}, {"Ref": "AWS::NoValue"}]}, PODS),
        role(AWS + "AmazonEKSWorkerNodePolicy", NODES),
        role(AWS + "service-role/AWSLambdaBasicExecutionRole", LAMBDA),
        role({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AmazonEKSClusterPolicy"]]}, NODES),
    ],
)
def test_pin2_accepts_policies_of_the_template_and_literal_ones_of_aws(template: Template) -> None:
    assert details(attached_policies(template)) == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (role({"Ref": "Parameter"}, LAMBDA), "<Parameter>"),
        (role({"Ref": "Name"}, LAMBDA), "<Name>"),
        (role({"Fn::FindInMap": ["Map", "a", "b"]}, LAMBDA), '{"Fn::FindInMap":["Map","a","b"]}'),
        (
            role({"Fn::Select": [0, [AWS + "AdministratorAccess"]]}, NODES),
            f'{{"Fn::Select":[0,["{AWS}AdministratorAccess"]]}}',
        ),
        (role("arn:aws:iam::111122223333:policy/OrgAdmin", LAMBDA), "arn:aws:iam::111122223333:policy/OrgAdmin"),
        (role({"Fn::If": ["More", {"Ref": "Parameter"}, {"Ref": "Policy"}]}, LAMBDA), "<Parameter>"),
        (role(AWS + "AmazonEKSComputePolicy", PODS), "AmazonEKSComputePolicy"),
        (role(AWS + "service-role/AmazonEBSCSIDriverPolicy", PODS), "service-role/AmazonEBSCSIDriverPolicy"),
        (role(AWS + "AmazonEKSWorkerNodePolicy", {"Federated": "arn:x"}), "AmazonEKSWorkerNodePolicy"),
    ],
)
def test_pin2_reports_what_nobody_can_read_and_what_aws_wrote_for_every_cluster(
    template: Template, expected: str
) -> None:
    assert details(attached_policies(template)) == [f"Policy::{expected}"]


@pytest.mark.parametrize("name", ["AmazonEBSCSIDriverPolicyV2", "AmazonEBSCSIDriverEKSClusterScopedPolicy"])
def test_iam4_knows_the_drivers_policies_by_both_paths(name: str) -> None:
    assert details(real_names(role(AWS + name, NODES))) == []
    assert details(real_names(role(f"{AWS}service-role/{name}", NODES))) == []
    assert details(real_names(role(f"{AWS}job-function/{name}", NODES))) == [f"Policy::job-function/{name}"]
