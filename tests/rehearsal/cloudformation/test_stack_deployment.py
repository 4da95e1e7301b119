"""Creating and updating stacks: order, values, replacement, clean-up."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store

Deploy = Callable[..., Stack]
Events = Callable[[str], list[str]]
Call = Callable[..., dict[str, Any]]


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"Resources": resources, **sections})


def chart(**properties: Any) -> dict[str, Any]:
    return {"Type": "Custom::Chart", "Properties": {"ServiceToken": "arn", **properties}}


TABLE = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": "vpc-1"}}


def test_resources_are_made_after_what_they_need_and_outputs_at_the_end(deploy: Deploy, events: Events) -> None:
    body = template(
        {
            "Alarm": {"Type": "AWS::SNS::Topic", "DependsOn": "Queue"},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
            "Key": {"Type": "AWS::KMS::Key"},
        },
        Outputs={"Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}},
    )

    stack = deploy("Plane", body)

    completed = [event for event in events("Plane") if event.endswith("CREATE_COMPLETE")]
    assert completed == [
        "Key CREATE_COMPLETE",
        "Queue CREATE_COMPLETE",
        "Alarm CREATE_COMPLETE",
        "Plane CREATE_COMPLETE",
    ]
    assert stack.state.outputs[0].value.startswith("arn:aws:sqs:eu-west-1:123456789012:Plane-Queue-")
    assert stack.resources["Queue"].properties["KmsMasterKeyId"].startswith("arn:aws:kms:")


def test_false_conditions_and_parameters_shape_a_stack(deploy: Deploy) -> None:
    body = template(
        {
            "Always": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Version"}}},
            "Never": {"Type": "AWS::SNS::Topic", "Condition": "Off"},
        },
        Parameters={"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/version"}},
        Conditions={"Off": {"Fn::Equals": ["a", "b"]}},
        Outputs={"No": {"Condition": "Off", "Value": {"Ref": "Never"}}},
    )

    stack = deploy("Plane", body)

    assert list(stack.resources) == ["Always"]
    assert stack.resources["Always"].properties["DisplayName"] == "21"
    assert stack.state.outputs == ()


def test_an_update_touches_only_what_changed(deploy: Deploy, events: Events, store: Store) -> None:
    deploy("Plane", template({"Chart": chart(Value="1"), "Table": TABLE}))
    before = len(events("Plane"))

    deploy("Plane", template({"Chart": chart(Value="2"), "Table": TABLE}))

    assert events("Plane")[before:] == [
        "Plane UPDATE_IN_PROGRESS",
        "Chart UPDATE_IN_PROGRESS",
        "Chart UPDATE_COMPLETE",
        "Plane UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "Plane UPDATE_COMPLETE",
    ]
    assert store.find("Plane").resources["Chart"].properties["Value"] == "2"


def test_a_create_only_change_replaces_and_the_old_one_goes_last(deploy: Deploy, events: Events) -> None:
    user = {
        "Type": "AWS::EC2::SubnetRouteTableAssociation",
        "Properties": {"SubnetId": "subnet-1", "RouteTableId": {"Ref": "Table"}},
    }
    stack = deploy("Plane", template({"Table": TABLE, "User": user}))
    old = {name: one.physical_id for name, one in stack.resources.items()}

    moved = {**TABLE, "Properties": {"VpcId": "vpc-2"}}
    stack = deploy("Plane", template({"Table": moved, "User": user}))

    new = {name: one.physical_id for name, one in stack.resources.items()}
    deletions = [event for event in events("Plane") if event.endswith("DELETE_COMPLETE")]
    assert not set(old.values()) & set(new.values())
    assert stack.resources["User"].properties["RouteTableId"] == new["Table"]
    assert deletions == ["User DELETE_COMPLETE", "Table DELETE_COMPLETE"]


def test_update_replace_policy_retain_keeps_the_old_one(deploy: Deploy, store: Store) -> None:
    kept = {**TABLE, "UpdateReplacePolicy": "Retain"}
    old = deploy("Plane", template({"Table": kept})).resources["Table"].physical_id

    deploy("Plane", template({"Table": {**kept, "Properties": {"VpcId": "vpc-2"}}}))

    assert [one.resource.physical_id for one in store.inventory.retained] == [old]


def test_a_named_resource_cannot_be_replaced_under_its_name(deploy: Deploy, store: Store) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "FifoQueue": True}}
    deploy("Plane", template({"Queue": queue}))

    stack = deploy("Plane", template({"Queue": {**queue, "Properties": {"QueueName": "q", "FifoQueue": False}}}))

    reasons = [event.reason or "" for event in store.journal.since(0) if event.status == "UPDATE_FAILED"]
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert reasons == [
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename q and update the stack again."
    ]


def test_a_custom_resource_with_a_new_physical_id_has_its_old_one_deleted(deploy: Deploy, calls: list[str]) -> None:
    deploy("Plane", template({"Chart": chart()}))

    stack = deploy("Plane", template({"Chart": chart(Moves="2")}))

    assert stack.resources["Chart"].physical_id == "Chart-2"
    assert calls == ["Create Chart", "Update Chart", "Delete Chart"]


def test_what_left_the_template_is_deleted_after_the_update(deploy: Deploy, events: Events) -> None:
    deploy("Plane", template({"Table": TABLE, "Topic": {"Type": "AWS::SNS::Topic"}}))

    stack = deploy("Plane", template({"Table": TABLE}))

    assert list(stack.resources) == ["Table"]
    assert events("Plane")[-4:] == [
        "Plane UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "Topic DELETE_IN_PROGRESS",
        "Topic DELETE_COMPLETE",
        "Plane UPDATE_COMPLETE",
    ]


def test_direct_calls_do_the_same_and_refuse_an_empty_update(
    call: Call, settled: Callable[[str], Stack], deploy: Deploy
) -> None:
    call("CreateStack", StackName="Plane", TemplateBody=template({"Chart": chart(Value="1")}))
    created = settled("Plane").status

    call("UpdateStack", StackName="Plane", TemplateBody=template({"Chart": chart(Value="2")}))

    assert (created, settled("Plane").status) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    with pytest.raises(ValidationError, match=r"No updates are to be performed\."):
        call("UpdateStack", StackName="Plane", TemplateBody=template({"Chart": chart(Value="2")}))
    with pytest.raises(ValidationError, match="already exists"):
        call("CreateStack", StackName="Plane", TemplateBody=template({"Chart": chart()}))


@pytest.mark.parametrize(
    ("resource", "complaint"),
    [
        ({"Type": "AWS::EKS::Nodegroup", "Properties": {"ClusterName": "c"}}, r"required key \[NodeRole\] not found"),
        ({"Type": "AWS::SNS::Topic", "Properties": {"Colour": "red"}}, r"extraneous key \[Colour\] is not permitted"),
        (
            {"Type": "AWS::EFS::FileSystem", "Properties": {"Arn": "mine"}},
            "#/Arn: read-only property cannot be specified",
        ),
        (
            {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::GetAtt": ["Other", "Colour"]}}},
            "Requested attribute Colour does not exist in schema for AWS::SNS::Topic",
        ),
    ],
)
def test_wrong_properties_fail_the_resource(
    resource: dict[str, Any], complaint: str, deploy: Deploy, store: Store
) -> None:
    body = template({"Other": {"Type": "AWS::SNS::Topic"}, "Wrong": {**resource, "DependsOn": "Other"}})

    stack = deploy("Plane", body)

    reasons = [event.reason or "" for event in store.journal.since(0) if event.logical_id == "Wrong"]
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any(re.search(complaint, reason) for reason in reasons), reasons
