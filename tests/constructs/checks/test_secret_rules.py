"""IAM23, firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.secrets import by_prefix
from compute_plane.checks.template import Template

PSEUDO = ["arn:", {"Ref": "AWS::Partition"}, ":ssm:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":"]


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def allows(action: str, resource: Any) -> Template:
    document = {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": document}}}})


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:cp/*"),
        ("secretsmanager:GetSecretValue", {"Ref": "Secret"}),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:cp/password-??????"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1::parameter/aws/service/bottlerocket/aws-k8s-*"),
        ("secretsmanager:ListSecrets", "*"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1::parameter/aws/service/eks/optimized-ami/*"),
        ("ssm:PutParameter", {"Fn::Join": ["", [*PSEUDO, "parameter/cp/*"]]}),
        ("ssm:DescribeParameters", "*"),
        ("s3:GetObject", "*"),
    ],
)
def test_iam23_accepts_secrets_by_prefix(action: str, resource: Any) -> None:
    assert details(by_prefix(allows(action, resource))) == []


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("secretsmanager:GetSecretValue", "*"),
        ("secretsmanager:PutSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*"),
        ("secretsmanager:DeleteSecret", "arn:aws:secretsmanager:eu-central-1:111122223333:*"),
        ("secretsmanager:*", "arn:aws:secretsmanager:*"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/*"),
        ("ssm:GetParametersByPath", "arn:aws:ssm:eu-central-1:111122223333:parameter*"),
        ("ssm:Get*", "*"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:r*"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:cp/r?*"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/t*"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-central-1:111122223333:parameter/aws/service/aws-*"),
    ],
)
def test_iam23_reports_secrets_without_a_prefix(action: str, resource: str) -> None:
    assert details(by_prefix(allows(action, resource))) == [f"{action}::{resource}"]


def test_iam23_reports_pseudo_parameters_with_no_prefix_behind_them() -> None:
    template = allows("ssm:GetParameter", {"Fn::Join": ["", [*PSEUDO, "parameter/*"]]})

    assert details(by_prefix(template)) == [
        "ssm:GetParameter::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/*"
    ]


DENIED = {
    "Effect": "Deny",
    "Action": ["ssm:GetParameter", "ssm:GetParameters"],
    "Resource": {"Fn::Join": ["", ["arn:aws:ssm:*:", {"Ref": "AWS::AccountId"}, ":parameter/*"]]},
}
BOTH = ["Missing::Deny::ssm:GetParameter", "Missing::Deny::ssm:GetParameters"]


def node(*statements: Any, policy: str = "AmazonSSMManagedInstanceCore", prefix: str = "tfy-secret/") -> Template:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    inline = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    properties = {
        "AssumeRolePolicyDocument": {"Statement": [trust]},
        "ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{policy}"]]}],
        "Policies": inline,
    }
    facts = PlaneFacts(secret_prefix=prefix)
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Role", "Properties": properties}}}, facts)


ON_PREFIX = "arn:aws:ssm:*:111122223333:parameter/tfy-secret/*"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (node(DENIED), []),
        (node({**DENIED, "Action": "ssm:*"}), []),
        (node({**DENIED, "Resource": ON_PREFIX}), []),
        (node(policy="AmazonEKSWorkerNodePolicy"), []),
        (node(), BOTH),
        (node({**DENIED, "Action": "ssm:GetParameter"}), BOTH[1:]),
        (node({**DENIED, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}), BOTH),
        (node({**DENIED, "Resource": ON_PREFIX.replace("*:1", "eu-central-1:1")}), BOTH),
        (node({**DENIED, "Resource": ON_PREFIX}, prefix="elsewhere/"), BOTH),
    ],
)
def test_iam23_wants_parameters_denied_beside_the_policy_that_reads_all(
    template: Template, expected: list[str]
) -> None:
    assert details(by_prefix(template)) == expected
