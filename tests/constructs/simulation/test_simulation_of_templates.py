"""Roles and resource policies are read from an assembly with every reference resolved."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.simulation.assembly import Assembly
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.plane import Plane

ACCOUNT = "111122223333"
REGION = "eu-central-1"
Raw = dict[str, Any]


def document(**statement: Any) -> Raw:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage"} | statement]}


TRUST = document(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})


def role(**properties: Any) -> Raw:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST} | properties}


@pytest.fixture
def plane(tmp_path: Path) -> Callable[..., Plane]:
    """A plane of the given templates, by stack; their names begin with the cluster's."""

    def make(account: str = "unknown-account", **templates: Raw) -> Plane:
        artifacts: Raw = {"Tree": {"type": "cdk:tree"}}
        for name, content in templates.items():
            (tmp_path / f"{name}.template.json").write_text(json.dumps(content))
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{account}/{REGION}",
                "properties": {"templateFile": f"{name}.template.json", "stackName": f"blue-{name}"},
            }
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
        return Plane(Assembly(tmp_path, ACCOUNT), "blue")

    return make


def resource_of(resource: Any, plane: Callable[..., Plane], others: Raw | None = None, **sections: Any) -> str:
    """The resolved `Resource` of one statement of one inline policy."""
    inline = [{"PolicyName": "jobs", "PolicyDocument": document(Resource=resource)}]
    made = plane(one={"Resources": {"Role": role(Policies=inline), **(others or {})}, **sections})
    return made.roles[0].documents[0]["Statement"][0]["Resource"]


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sqs:x"]]}, "arn:aws:sqs:x"),
        ({"Fn::Sub": "${AWS::AccountId}/${!aws:username}/${Queue.Arn}"}, None),
        ({"Fn::Sub": ["${Name}-${AWS::Region}", {"Name": {"Ref": "AWS::StackName"}}]}, "blue-one-eu-central-1"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"),
        ({"Fn::GetAtt": "Queue.Arn"}, f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::If": ["Here", "yes", "no"]}, "yes"),
        ({"Fn::If": ["There", "yes", "no"]}, "no"),
        ({"Ref": "Size"}, "small"),
        ([{"Ref": "AWS::NoValue"}, "kept"], ["kept"]),
    ],
)
def test_intrinsic_functions_are_resolved(value: Any, resolved: Any, plane: Callable[..., Plane]) -> None:
    queue = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}}
    here = {"Fn::Equals": [{"Ref": "AWS::Region"}, REGION]}
    conditions = {"Here": here, "There": {"Fn::Or": [{"Fn::Not": [{"Condition": "Here"}]}, {"Fn::And": [here, False]}]}}

    found = resource_of(
        value, plane, queue, Conditions=conditions, Parameters={"Size": {"Type": "String", "Default": "small"}}
    )

    assert found == (resolved or f"{ACCOUNT}/${{aws:username}}/arn:aws:sqs:{REGION}:{ACCOUNT}:jobs")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Ref": "Missing"}, "what Missing refers to is not in the template"),
        ({"Fn::GetAtt": ["Missing", "Arn"]}, "what Missing.Arn refers to is not in the template"),
        ({"Ref": "Odd"}, "the ids of Custom::Odd are not known"),
        ({"Fn::GetAtt": ["Queue", "Color"]}, "the attribute Color of AWS::SQS::Queue is not known"),
        ({"Fn::GetAZs": ""}, "Fn::GetAZs is not supported"),
        ({"Ref": "FromParameterStore"}, "what FromParameterStore refers to is not in the template"),
        ({"Fn::ImportValue": "elsewhere"}, "no stack exports elsewhere"),
        ({"Fn::GetStackOutput": {"StackName": "green", "OutputName": "X"}}, "no stack is called green"),
        ({"Fn::Join": ["", [["a"]]]}, "stands where only text can stand"),
    ],
)
def test_what_cannot_be_resolved_is_an_error(value: Any, message: str, plane: Callable[..., Plane]) -> None:
    others = {"Odd": {"Type": "Custom::Odd"}, "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}}}
    parameter = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}

    with pytest.raises(SimulationError, match=message):
        resource_of(value, plane, others, Parameters={"FromParameterStore": parameter})


def test_values_of_other_stacks_are_followed(plane: Callable[..., Plane]) -> None:
    key = {"Fn::GetAtt": ["Key", "Arn"]}
    outputs = {"KeyArn": {"Value": key, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-key"}}}}
    weak = {"Fn::GetStackOutput": {"StackName": "blue-base", "OutputName": "KeyArn"}}
    inline = [{"PolicyName": "keys", "PolicyDocument": document(Resource=[weak, {"Fn::ImportValue": "blue-base-key"}])}]

    made = plane(
        base={"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": TRUST}}}, "Outputs": outputs},
        apps={"Resources": {"Role": role(Policies=inline)}},
    )

    [first, second] = made.roles[0].documents[0]["Statement"][0]["Resource"]
    assert first == second
    assert first.startswith(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/")
    assert made.resource_policy(first) == TRUST


def test_a_role_has_its_policies_from_wherever_they_are_attached(plane: Callable[..., Plane]) -> None:
    aws = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"
    limit = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(Resource="limit")}}
    resources = {
        "Role": role(
            RoleName="blue-reader",
            Path="/teams/",
            Policies=[{"PolicyName": "inline", "PolicyDocument": document(Resource="a")}],
            ManagedPolicyArns=[aws, {"Ref": "Managed"}],
            PermissionsBoundary={"Ref": "Limit"},
        ),
        "Limit": limit,
        "Managed": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"ManagedPolicyName": "blue-managed", "PolicyDocument": document(Resource="b")},
        },
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": document(Resource="c")},
        },
        "RolePolicy": {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {"PolicyName": "r", "RoleName": "blue-reader", "PolicyDocument": document(Resource="d")},
        },
    }

    [found] = plane(one={"Resources": resources}).roles

    assert found.arn == f"arn:aws:iam::{ACCOUNT}:role/teams/blue-reader"
    assert [held.name for held in found.policies] == ["inline", "managed", "p", "r"]
    assert [each["Statement"][0]["Resource"] for each in found.documents] == ["a", "b", "c", "d"]
    assert (found.boundary, found.outside) == (document(Resource="limit"), (aws,))


def test_a_trust_policy_may_be_json_text(plane: Callable[..., Plane]) -> None:
    text = json.dumps(document(Condition={"StringEquals": {"${Issuer}:aud": "sts.amazonaws.com"}}))
    issuer = {"Fn::Select": [1, {"Fn::Split": ["//", {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}]}]}
    cluster = {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "blue"}}
    trust = {"Fn::Sub": [text, {"Issuer": issuer}]}

    made = plane(one={"Resources": {"Role": role(AssumeRolePolicyDocument=trust), "Cluster": cluster}})

    trusted = made.roles[0].trust
    [key] = trusted.document["Statement"][0]["Condition"]["StringEquals"] if trusted else [""]
    assert key.startswith(f"oidc.eks.{REGION}.amazonaws.com/id/")
    assert key.endswith(":aud")


def test_the_policies_of_queues_and_buckets_are_found_by_what_they_protect(plane: Callable[..., Plane]) -> None:
    resources: Raw = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": document(Resource="*", Principal="*")},
        },
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": document(Resource="b", Principal="*")},
        },
    }

    made = plane(one={"Resources": resources})

    assert made.resource_policy(f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs") is not None
    assert made.resource_policy("arn:aws:s3:::data/models/x") == made.resource_policy("arn:aws:s3:::data") is not None
    assert made.resource_policy("arn:aws:s3:::data-2") is None


def test_a_policy_that_stands_where_nobody_looks_is_an_error(plane: Callable[..., Plane]) -> None:
    topic = {"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": document(Principal="*"), "Topics": []}}

    with pytest.raises(SimulationError, match="nobody reads the policy of TopicPolicy, a AWS::SNS::TopicPolicy"):
        _ = plane(one={"Resources": {"TopicPolicy": topic}}).resource_policies


def test_an_assembly_for_another_account_is_an_error(plane: Callable[..., Plane]) -> None:
    with pytest.raises(SimulationError, match="is for the account 444455556666, not for 111122223333"):
        plane(account="444455556666", one={"Resources": {}})
