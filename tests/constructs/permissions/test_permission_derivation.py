"""What small templates need: scoped to their names, their tags and their properties."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.permissions.derivation import Derived
from compute_plane.permissions.need import Need, block_of

Raw = dict[str, Any]
Derive = Callable[..., Derived]
OURS = {"StringEquals": {"aws:ResourceTag/aws:cloudformation:stack-name": "ours-network"}}
ROLE = "arn:aws:iam::111122223333:role"


def needs(derived: Derived, action: str) -> list[Need]:
    return [need for need in derived.needs if need.action == action]


def role(service: str, **properties: Any) -> Raw:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, **properties}}


def function(role: Any) -> Raw:
    code = {"S3Bucket": "assets-111122223333", "S3Key": "code.zip"}
    return {"Type": "AWS::Lambda::Function", "Properties": {"Code": code, "Role": role}}


def test_what_has_no_name_is_made_freely_and_changed_by_the_tag_of_its_stack(derived: Derive) -> None:
    found = derived(network={"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}})

    [made], [deleted] = needs(found, "ec2:CreateVpc"), needs(found, "ec2:DeleteVpc")
    assert (made.resource, made.condition) == ("arn:aws:ec2:eu-central-1:111122223333:vpc/*", ())
    assert (deleted.resource, block_of(deleted.condition)) == (made.resource, OURS)


def test_what_has_a_name_is_made_and_changed_by_name(derived: Derive) -> None:
    repository = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "ours-images"}}

    found = derived(data={"Repository": repository})

    arn = "arn:aws:ecr:eu-central-1:111122223333:repository/ours-images"
    changed = [need for action in ("ecr:CreateRepository", "ecr:DeleteRepository") for need in needs(found, action)]
    assert [(need.resource, need.condition) for need in changed] == [(arn, ()), (arn, ())]


def test_tags_go_onto_what_is_being_made_or_onto_our_own(derived: Derive) -> None:
    found = derived(network={"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}})

    conditions = [block_of(need.condition) for need in needs(found, "ec2:CreateTags")]
    assert conditions == [{"StringEquals": {"ec2:CreateAction": "CreateVpc"}}, OURS]


def test_an_action_without_resource_level_is_bound_to_the_region_of_its_service(derived: Derive) -> None:
    found = derived(network={"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}})

    [described] = needs(found, "ec2:DescribeVpcs")
    assert described.resource == "*"
    assert block_of(described.condition) == {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}


@pytest.mark.parametrize(("properties", "granted"), [({}, False), ({"LifecycleConfiguration": {"Rules": []}}, True)])
def test_an_action_for_a_property_is_needed_where_the_property_is(
    properties: Raw, granted: bool, derived: Derive
) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ours-ml", **properties}}

    found = derived(data={"Bucket": bucket})

    assert [need.resource for need in needs(found, "s3:CreateBucket")] == ["arn:aws:s3:::ours-ml"]
    assert bool(needs(found, "s3:PutLifecycleConfiguration")) == granted


def test_a_role_is_passed_to_the_service_that_uses_it_and_to_no_other(derived: Derive) -> None:
    resources = {"Role": role("lambda.amazonaws.com"), "Function": function({"Fn::GetAtt": ["Role", "Arn"]})}

    found = derived(cluster=resources | {"Unused": role("ec2.amazonaws.com", RoleName="ours-unused")})

    [passed] = needs(found, "iam:PassRole")
    assert passed.resource == f"{ROLE}/ours-cluster-*"
    assert block_of(passed.condition) == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def test_a_role_of_another_stack_is_passed_by_the_name_it_has_there(derived: Derive) -> None:
    output = {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}}
    maker = {"Resources": {"Role": role("lambda.amazonaws.com", RoleName="ours", Path="/p/")}, "Outputs": output}
    reference = {"Fn::GetStackOutput": {"StackName": "ours-one", "OutputName": "RoleArn"}}

    found = derived(one=maker, two={"Function": function(reference)})

    assert [need.resource for need in needs(found, "iam:PassRole")] == [f"{ROLE}/p/ours"]
    assert [need.resource for need in needs(found, "cloudformation:DescribeStacks")] == [
        "arn:aws:cloudformation:eu-central-1:111122223333:stack/ours-one/*"
    ]


def test_only_named_policies_are_attached_and_within_the_boundary_of_all_roles(derived: Derive) -> None:
    given = {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/A"], "PermissionsBoundary": "arn:aws:iam::aws:policy/B"}

    found = derived(cluster={"Role": role("ec2.amazonaws.com", RoleName="ours", **given)})

    [attached], [made] = needs(found, "iam:AttachRolePolicy"), needs(found, "iam:CreateRole")
    bounded = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/B"}}
    assert block_of(made.condition) == bounded
    assert block_of(attached.condition) == bounded | {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/A"}}
    assert needs(found, "iam:DeleteRolePermissionsBoundary") == []


def test_a_role_without_the_boundary_of_the_others_takes_the_condition_away(derived: Derive) -> None:
    bounded = role("ec2.amazonaws.com", RoleName="one", PermissionsBoundary="arn:aws:iam::aws:policy/B")

    found = derived(cluster={"One": bounded, "Two": role("ec2.amazonaws.com", RoleName="two")})

    assert {need.condition for need in needs(found, "iam:CreateRole")} == {()}


@pytest.mark.parametrize(("capacity", "roles"), [("ON_DEMAND", 1), ("SPOT", 2)])
def test_service_linked_roles_are_those_that_the_resource_makes_aws_create(
    capacity: str, roles: int, derived: Derive
) -> None:
    nodes = {"ClusterName": "ours", "NodeRole": "x", "Subnets": [], "CapacityType": capacity}

    found = derived(cluster={"Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": nodes}})

    linked = needs(found, "iam:CreateServiceLinkedRole")
    assert len(linked) == roles
    assert all(
        f"/{block_of(need.condition)['StringEquals']['iam:AWSServiceName']}/" in need.resource for need in linked
    )


def test_a_custom_resource_needs_the_function_behind_it(derived: Derive) -> None:
    custom = {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}}

    found = derived(cluster={"Function": function("x"), "Thing": custom})

    [invoked] = needs(found, "lambda:InvokeFunction")
    assert invoked.resource == "arn:aws:lambda:eu-central-1:111122223333:function:ours-cluster-*"


def test_a_key_is_changed_by_the_tags_of_the_configuration(derived: Derive) -> None:
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {}, "Tags": [{"Key": "plane", "Value": "ours"}]}}

    found = derived(data={"Key": key})

    tagged = {"StringEquals": {"aws:ResourceTag/plane": "ours"}}
    assert [block_of(need.condition) for need in needs(found, "kms:ScheduleKeyDeletion")] == [tagged]
    assert [block_of(need.condition) for need in needs(found, "kms:EnableKeyRotation")] == [{}]


def test_what_nobody_knows_is_said(derived: Derive) -> None:
    found = derived(data={"Thing": {"Type": "AWS::Nothing::Here", "Properties": {}}})

    assert found.left_out == ("AWS::Nothing::Here: the registry lists no handlers (ours-data)",)


def test_a_long_name_that_cloudformation_makes_up_keeps_the_half_of_the_stacks_name(derived: Derive) -> None:
    stack = "a-layer-with-a-very-long-name"

    found = derived(**{stack: {"Role": role("lambda.amazonaws.com")}})

    [made] = needs(found, "iam:CreateRole")
    assert made.resource == f"{ROLE}/{f'ours-{stack}'[:25]}*"
