"""Deleting stacks: order, policies, protection, failures and what remains."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store

Deploy = Callable[..., Stack]
Delete = Callable[..., Stack]
Events = Callable[[str], list[str]]
Call = Callable[..., dict[str, Any]]


def template(**resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


def chart(*needs: str) -> dict[str, Any]:
    return {"Type": "Custom::Chart", "DependsOn": list(needs), "Properties": {"ServiceToken": "arn"}}


def test_users_go_before_what_they_use(deploy: Deploy, delete: Delete, calls: list[str]) -> None:
    deploy("Plane", template(Base=chart(), Middle=chart("Base"), Top=chart("Middle")))
    calls.clear()

    stack = delete("Plane")

    assert stack.status == "DELETE_COMPLETE"
    assert calls == ["Delete Top", "Delete Middle", "Delete Base"]


def test_a_failure_stops_only_what_the_resource_uses(
    deploy: Deploy, delete: Delete, failing: set[str], calls: list[str], store: Store
) -> None:
    deploy("Plane", template(Base=chart(), Top=chart("Base"), Free=chart()))
    calls.clear()
    failing.add("Delete Top")

    stack = delete("Plane")

    assert stack.status == "DELETE_FAILED"
    assert stack.reason == "The following resource(s) failed to delete: [Top]. "
    assert sorted(stack.resources) == ["Base", "Top"]
    assert sorted(calls) == ["Delete Free", "Delete Top"]


def test_a_failed_deletion_can_be_repeated_retained_or_forced(
    deploy: Deploy, delete: Delete, failing: set[str], store: Store
) -> None:
    for name in ("Repeated", "Retained", "Forced"):
        deploy(name, template(Top=chart()))
    failing.add("Delete Top")
    failed = [delete(name).status for name in ("Repeated", "Retained", "Forced")]

    retained = delete("Retained", RetainResources=["Top"])
    forced = delete("Forced", DeletionMode="FORCE_DELETE_STACK")
    failing.clear()
    repeated = delete("Repeated")

    assert failed == ["DELETE_FAILED"] * 3
    assert {retained.status, forced.status, repeated.status} == {"DELETE_COMPLETE"}
    assert [one.stack for one in store.inventory.retained] == ["Retained", "Forced"]


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_retained_resource_outlives_its_stack_and_keeps_its_name(
    policy: str, deploy: Deploy, delete: Delete, store: Store, events: Events
) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "DeletionPolicy": policy, "Properties": {"BucketName": "data"}}
    deploy("Plane", template(Bucket=bucket))

    delete("Plane")
    again = deploy("Other", template(Bucket=bucket))

    reasons = [event.reason or "" for event in store.journal.since(0) if event.status == "CREATE_FAILED"]
    assert "Bucket DELETE_SKIPPED" in events("Plane")
    assert [one.resource.physical_id for one in store.inventory.retained] == ["data"]
    assert again.status == "ROLLBACK_COMPLETE"
    assert "'AWS::S3::Bucket' with identifier 'data' already exists" in reasons[0]


def test_a_deleted_name_is_free_again(deploy: Deploy, delete: Delete) -> None:
    body = template(Bucket={"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}})
    deploy("Plane", body)
    delete("Plane")

    again = deploy("Plane", body)

    assert again.status == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("policy", "kept"), [({}, 1), ({"DeletionPolicy": "Snapshot"}, 1), ({"DeletionPolicy": "Delete"}, 0)]
)
def test_a_database_leaves_a_snapshot_unless_told_otherwise(
    policy: dict[str, str], kept: int, deploy: Deploy, delete: Delete, store: Store
) -> None:
    deploy("Plane", template(Db={"Type": "AWS::RDS::DBInstance", **policy}))

    delete("Plane")

    assert [one.logical_id for one in store.inventory.snapshots] == ["Db"] * kept
    assert store.inventory.retained == []


def test_a_protected_stack_refuses_deletion(deploy: Deploy, call: Call) -> None:
    deploy("Plane", template(Chart=chart()))
    call("UpdateTerminationProtection", StackName="Plane", EnableTerminationProtection=True)

    with pytest.raises(
        ValidationError, match=r"Stack \[Plane\] cannot be deleted while TerminationProtection is enabled"
    ):
        call("DeleteStack", StackName="Plane")


def test_a_deleted_stack_is_known_by_its_id_only(deploy: Deploy, delete: Delete, call: Call) -> None:
    stack = deploy("Plane", template(Chart=chart()))
    delete("Plane")

    described = call("DescribeStacks", StackName=stack.id)["Stacks"][0]

    assert described["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ValidationError, match="Stack with id Plane does not exist"):
        call("DescribeStacks", StackName="Plane")
