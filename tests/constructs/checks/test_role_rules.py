"""IAM12, IAM13 and IAM24, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.roles import cluster_roles, node_roles
from compute_plane.checks.rule import Finding
from compute_plane.checks.sizes import policy_sizes, rendered_size
from compute_plane.checks.template import Template

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
ENCRYPTION = ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]


def aws_policy(name: str) -> dict[str, Any]:
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{name}"]]}


def role(service: Any, *managed: Any, statements: Any = ()) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    inline = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    properties = {
        "AssumeRolePolicyDocument": {"Statement": [trust]},
        "ManagedPolicyArns": list(managed),
        "Policies": inline,
    }
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def template(resource: dict[str, Any], **resources: Any) -> Template:
    return Template({"Resources": {"Role": resource, **resources}})


def allow(action: Any, resource: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource}


def attached(statement: dict[str, Any]) -> dict[str, Any]:
    properties = {"PolicyDocument": {"Statement": [statement]}, "Roles": [{"Ref": "Role"}]}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


def managed(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("Role", finding.detail) for finding in found)
    return [finding.detail for finding in found]


WORKER = aws_policy("AmazonEKSWorkerNodePolicy")
CLUSTER = aws_policy("AmazonEKSClusterPolicy")


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (template(role("ec2.amazonaws.com", WORKER, aws_policy("AmazonSSMManagedInstanceCore"))), []),
        (template(role("ec2.amazonaws.com", statements=[allow("ssm:GetParameter", "*", "Deny")])), []),
        (template(role("lambda.amazonaws.com", aws_policy("AdministratorAccess"))), []),
        (
            template(role("ec2.amazonaws.com", aws_policy("AmazonS3FullAccess"))),
            ["Policy::AmazonS3FullAccess"],
        ),
        (template(role("ec2.amazonaws.com", {"Ref": "OurPolicy"})), ["Policy::<OurPolicy>"]),
        (
            template(role("ec2.amazonaws.com", {"Fn::If": ["Wide", aws_policy("AmazonS3FullAccess"), WORKER]})),
            ["Policy::AmazonS3FullAccess"],
        ),
        (
            template(role("ec2.amazonaws.com", {"Ref": "Managed"}), Managed=managed(allow("s3:ListBucket", "b"))),
            ["Policy::<Managed>", "s3:ListBucket::b"],
        ),
        (
            template(role("ec2.amazonaws.com", statements=[allow("ec2:DescribeVpcs", "*")])),
            ["ec2:DescribeVpcs::*"],
        ),
        (
            template(
                role({"Fn::Join": ["", ["ec2.", {"Ref": "AWS::URLSuffix"}]]}),
                Policy=attached(allow("s3:ListBucket", "b")),
            ),
            ["s3:ListBucket::b"],
        ),
    ],
)
def test_iam12_keeps_the_roles_of_instances_to_the_node_policies(resources: Template, expected: list[str]) -> None:
    assert details(node_roles(resources)) == expected


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (template(role("eks.amazonaws.com", CLUSTER, statements=[allow(ENCRYPTION, KEY)])), []),
        (template(role("eks.amazonaws.com", CLUSTER, aws_policy("AmazonEKSVPCResourceController"))), []),
        (template(role("ec2.amazonaws.com", WORKER)), []),
        (template(role("eks.amazonaws.com")), ["Missing::AmazonEKSClusterPolicy"]),
        (template(role("eks.amazonaws.com", CLUSTER, WORKER)), ["Policy::AmazonEKSWorkerNodePolicy"]),
        (
            template(role("eks.amazonaws.com", CLUSTER, statements=[allow("kms:CreateGrant", KEY)])),
            [f"kms:CreateGrant::{KEY}"],
        ),
        (
            template(role("eks.amazonaws.com", CLUSTER), Policy=attached(allow("kms:Encrypt", "*"))),
            ["kms:Encrypt::*"],
        ),
    ],
)
def test_iam13_wants_the_cluster_role_exact(resources: Template, expected: list[str]) -> None:
    assert details(cluster_roles(resources)) == expected


def document_of(size: int) -> dict[str, Any]:
    empty = {"Statement": [{"Effect": "Deny", "Action": "a:b", "Resource": ""}]}
    padding = "x" * (size - rendered_size(empty))
    return {"Statement": [{"Effect": "Deny", "Action": "a:b", "Resource": padding}]}


@pytest.mark.parametrize(("size", "expected"), [(6144, []), (6145, ["Managed::6145>6144"])])
def test_iam24_holds_managed_policies_to_their_limit(size: int, expected: list[str]) -> None:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document_of(size)}}

    assert details(policy_sizes(template(policy))) == expected


@pytest.mark.parametrize(("size", "expected"), [(5120, []), (5121, ["Inline::10241>10240"])])
def test_iam24_adds_up_the_inline_policies_of_a_role(size: int, expected: list[str]) -> None:
    holder = role("lambda.amazonaws.com", statements=document_of(5120)["Statement"])
    policy = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyDocument": document_of(size), "Roles": [{"Ref": "Role"}]},
    }

    assert details(policy_sizes(template(holder, Policy=policy))) == expected


@pytest.mark.parametrize(("size", "expected"), [(2048, []), (2049, ["Trust::2049>2048"])])
def test_iam24_holds_trust_policies_to_their_limit(size: int, expected: list[str]) -> None:
    holder = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document_of(size)}}

    assert details(policy_sizes(template(holder))) == expected


def test_iam24_counts_tokens_at_their_longest_and_no_white_space() -> None:
    region = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Region"}, ": :", {"Ref": "AWS::AccountId"}]]}

    assert rendered_size({"Resource": region}) == rendered_size({"Resource": "arn:ap-southeast-1::111122223333"})


def test_iam24_reads_trust_policies_that_are_text_with_references() -> None:
    text = '{"Statement": [{"Effect": "Allow", "Resource": "${Issuer}"}]}'

    assert rendered_size({"Fn::Sub": [text, {"Issuer": {"Ref": "Provider"}}]}) == rendered_size(
        {"Statement": [{"Effect": "Allow", "Resource": {"Ref": "Provider"}}]}
    )
    assert rendered_size({"Fn::Sub": text.replace("${Issuer}", "x-${Issuer}")}) == rendered_size(
        {"Statement": [{"Effect": "Allow", "Resource": {"Fn::Join": ["", ["x-", {"Ref": "Issuer"}]]}}]}
    )


def test_iam24_counts_the_larger_of_two_variants() -> None:
    choice = {"Fn::If": ["Large", document_of(300), document_of(200)]}

    assert rendered_size(choice) == 300


@pytest.mark.parametrize(("count", "expected"), [(10, []), (11, ["ManagedPolicies::11>10"])])
def test_iam24_counts_managed_policies_that_either_side_names(count: int, expected: list[str]) -> None:
    names = [aws_policy(f"Policy{index}") for index in range(count - 1)]
    properties = {"PolicyDocument": document_of(100), "Roles": [{"Ref": "Role"}]}
    attached_by_policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}

    found = policy_sizes(template(role("lambda.amazonaws.com", *names), Policy=attached_by_policy))

    assert details(found) == expected


def test_iam24_gives_users_no_policy() -> None:
    policy = {"Type": "AWS::IAM::UserPolicy", "Properties": {"PolicyDocument": document_of(100)}}

    assert details(policy_sizes(template(policy))) == ["UserPolicy"]
