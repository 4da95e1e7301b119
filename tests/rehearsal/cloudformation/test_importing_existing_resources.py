"""What a deletion retained comes back into a stack with ImportExistingResources."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store

Deploy = Callable[..., Stack]
Delete = Callable[..., Stack]
Events = Callable[[str], list[str]]
Call = Callable[..., dict[str, Any]]


def body(policy: str = "Retain", **properties: Any) -> str:
    bucket = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": policy,
        "Properties": {"BucketName": "data", **properties},
    }
    return json.dumps({"Resources": {"Bucket": bucket, "Topic": {"Type": "AWS::SNS::Topic"}}})


@pytest.fixture
def retained(deploy: Deploy, delete: Delete) -> None:
    """A bucket that outlived its stack."""
    deploy("Old", body())
    delete("Old")


@pytest.mark.usefixtures("retained")
@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_retained_resource_is_imported_by_its_name(
    policy: str, deploy: Deploy, change: Call, events: Events, store: Store
) -> None:
    template = body(policy, ObjectLockEnabled=False)
    described = change("New", template, ImportExistingResources=True)

    stack = deploy("New", template, ImportExistingResources=True)

    actions = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"]["Action"] for c in described["Changes"]}
    assert actions == {"Bucket": "Import", "Topic": "Add"}
    assert stack.status == "CREATE_COMPLETE"
    assert stack.resources["Bucket"].physical_id == "data"
    assert stack.resources["Bucket"].properties["ObjectLockEnabled"] is False
    assert [event for event in events("New") if event.startswith("Bucket")] == [
        "Bucket IMPORT_IN_PROGRESS",
        "Bucket IMPORT_COMPLETE",
        "Bucket UPDATE_IN_PROGRESS",
        "Bucket UPDATE_COMPLETE",
    ]
    assert store.inventory.retained == []


@pytest.mark.usefixtures("retained")
def test_another_deletion_policy_is_refused_in_cloudformations_words(change: Call) -> None:
    described = change("New", body("Delete"), ImportExistingResources=True)

    assert described["Status"] == "FAILED"
    assert (
        "must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate'" in described["StatusReason"]
    )
    assert described["StatusReason"].endswith("The affected resources are Bucket (BucketName=data)")


@pytest.mark.usefixtures("retained")
def test_a_rollback_retains_what_was_imported(deploy: Deploy, store: Store, failing: set[str]) -> None:
    failing.add("Create Chart")
    template = json.loads(body("RetainExceptOnCreate"))
    chart = {"Type": "Custom::Chart", "DependsOn": "Bucket", "Properties": {"ServiceToken": "arn"}}
    template["Resources"]["Chart"] = chart

    stack = deploy("New", json.dumps(template), ImportExistingResources=True)

    assert stack.status == "ROLLBACK_COMPLETE"
    assert [one.resource.physical_id for one in store.inventory.retained] == ["data"]


@pytest.mark.usefixtures("retained")
def test_a_resource_without_a_name_of_its_own_is_made_anew(deploy: Deploy, store: Store) -> None:
    unnamed = json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}}})

    stack = deploy("New", unnamed, ImportExistingResources=True)

    assert stack.resources["Bucket"].physical_id.startswith("new-bucket-")
    assert len(store.inventory.retained) == 1
