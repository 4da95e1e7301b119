"""Change sets tell what would happen, and execute exactly that."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack

Deploy = Callable[..., Stack]
Call = Callable[..., dict[str, Any]]
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
TABLE = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}}


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def rows(described: dict[str, Any]) -> dict[str, tuple[str, str | None, str | None]]:
    """By logical id: the action, the replacement and what the policies do."""
    changes = [change["ResourceChange"] for change in described["Changes"]]
    return {
        one["LogicalResourceId"]: (one["Action"], one.get("Replacement"), one.get("PolicyAction")) for one in changes
    }


def test_a_new_stack_waits_in_review_with_everything_to_add(change: Call, call: Call) -> None:
    described = change("Plane", template({"Vpc": VPC}))

    status = call("DescribeStacks", StackName="Plane")["Stacks"][0]["StackStatus"]
    assert rows(described) == {"Vpc": ("Add", None, None)}
    assert status == "REVIEW_IN_PROGRESS"


def test_replacement_follows_from_create_only_properties_through_references(deploy: Deploy, change: Call) -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "a"}}
    deploy("Plane", template({"Vpc": VPC, "Table": TABLE, "Topic": topic, "Gone": topic, "Same": topic}))
    moved = {**VPC, "Properties": {"CidrBlock": "10.1.0.0/16"}, "UpdateReplacePolicy": "Retain"}
    renamed = {**topic, "Properties": {"DisplayName": "b"}}

    described = change("Plane", template({"Vpc": moved, "Table": TABLE, "Topic": renamed, "Same": topic}))

    assert rows(described) == {
        "Vpc": ("Modify", "True", "ReplaceAndRetain"),
        "Table": ("Modify", "Conditional", "ReplaceAndDelete"),
        "Topic": ("Modify", "False", None),
        "Gone": ("Remove", None, "Delete"),
    }


def test_nothing_to_change_is_a_failed_change_set(deploy: Deploy, change: Call) -> None:
    body = template({"Vpc": VPC})
    deploy("Plane", body, Tags=[{"Key": "team", "Value": "plane"}])

    described = change("Plane", json.dumps(json.loads(body), indent=2), Tags=[{"Key": "team", "Value": "plane"}])

    assert described["Status"] == "FAILED"
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")


@pytest.mark.parametrize(
    "difference",
    [
        {"Tags": [{"Key": "team", "Value": "other"}]},
        {"Parameters": [{"ParameterKey": "Size", "ParameterValue": "2"}]},
    ],
)
def test_tags_and_parameters_count_as_changes(difference: dict[str, Any], deploy: Deploy, change: Call) -> None:
    body = template({"Vpc": VPC}, Parameters={"Size": {"Type": "String", "Default": "1"}})
    deploy("Plane", body)

    described = change("Plane", body, **difference)

    assert described["Status"] == "CREATE_COMPLETE"


def test_previous_parameter_values_are_kept_on_request(deploy: Deploy) -> None:
    body = template({"Vpc": VPC}, Parameters={"Size": {"Type": "String", "Default": "1"}})
    deploy("Plane", body, Parameters=[{"ParameterKey": "Size", "ParameterValue": "7"}])
    previous = [{"ParameterKey": "Size", "UsePreviousValue": True}]

    stack = deploy("Plane", body, Parameters=previous, Tags=[{"Key": "a", "Value": "b"}])

    assert stack.state.parameters.resolved == {"Size": "7"}


def test_an_executed_change_set_is_gone(deploy: Deploy, call: Call) -> None:
    deploy("Plane", template({"Vpc": VPC}))

    with pytest.raises(ValidationError) as refusal:
        call("DescribeChangeSet", StackName="Plane", ChangeSetName="test")

    assert refusal.value.code == "ChangeSetNotFound"


def test_a_change_of_type_is_refused(deploy: Deploy, change: Call) -> None:
    deploy("Plane", template({"One": VPC}))

    described = change("Plane", template({"One": {"Type": "AWS::SNS::Topic"}}))

    assert described["Status"] == "FAILED"
    assert "resource type of the following resources: [One]" in described["StatusReason"]


def test_a_template_that_cannot_be_deployed_makes_no_stack(change: Call, call: Call) -> None:
    with pytest.raises(ValidationError, match="Circular dependency"):
        change("Plane", template({"A": {**VPC, "DependsOn": "B"}, "B": {**VPC, "DependsOn": "A"}}))

    assert call("DescribeStacks") == {"Stacks": ""}


def test_functions_of_what_does_not_exist_yet_are_unknown_and_no_error(deploy: Deploy, change: Call) -> None:
    issuer = {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}
    resources = {
        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": "r", "ResourcesVpcConfig": {}}},
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"DisplayName": {"Fn::Select": [1, {"Fn::Split": ["//", issuer]}]}},
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "CidrBlock": {"Fn::Select": [3, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]},
            },
        },
        "Vpc": VPC,
    }

    described = change("Plane", template(resources))

    assert described["Status"] == "CREATE_COMPLETE"
    assert {row[0] for row in rows(described).values()} == {"Add"}
