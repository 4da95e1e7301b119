"""What fails is taken back, with the original reason and in CloudFormation's order."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store

Deploy = Callable[..., Stack]
Events = Callable[[str], list[str]]
Call = Callable[..., dict[str, Any]]
TABLE = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": "vpc-1"}}


def template(**resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


def chart(*needs: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "Custom::Chart", "DependsOn": list(needs), "Properties": {"ServiceToken": "arn", **properties}}


def reason_of(store: Store, logical_id: str, status: str) -> list[str | None]:
    events = store.journal.since(0)
    return [event.reason for event in events if (event.logical_id, event.status) == (logical_id, status)]


def test_a_failed_creation_deletes_what_it_made(
    deploy: Deploy, events: Events, store: Store, failing: set[str], calls: list[str]
) -> None:
    failing.add("Create Chart")

    stack = deploy("Plane", template(Table=TABLE, Chart=chart("Table"), Later=chart("Chart")))

    assert stack.status == "ROLLBACK_COMPLETE"
    assert stack.resources == {}
    assert events("Plane")[-7:] == [
        "Chart CREATE_FAILED",
        "Plane ROLLBACK_IN_PROGRESS",
        "Chart DELETE_IN_PROGRESS",
        "Chart DELETE_COMPLETE",
        "Table DELETE_IN_PROGRESS",
        "Table DELETE_COMPLETE",
        "Plane ROLLBACK_COMPLETE",
    ]
    assert reason_of(store, "Chart", "CREATE_FAILED") == ["Chart said no"]
    assert reason_of(store, "Plane", "ROLLBACK_IN_PROGRESS") == [
        "The following resource(s) failed to create: [Chart]. Rollback requested by user."
    ]
    assert calls == ["Create Chart", "Delete Chart"]


@pytest.mark.parametrize(
    ("policy", "kept"), [("Delete", 0), ("Retain", 1), ("RetainExceptOnCreate", 0), ("Snapshot", 0)]
)
def test_only_retain_keeps_what_a_failed_creation_made(
    policy: str, kept: int, deploy: Deploy, store: Store, failing: set[str]
) -> None:
    failing.add("Create Chart")

    deploy("Plane", template(Table={**TABLE, "DeletionPolicy": policy}, Chart=chart("Table")))

    assert len(store.inventory.retained) == kept
    assert store.inventory.snapshots == []


def test_a_rolled_back_creation_can_only_be_deleted(
    deploy: Deploy, change: Call, call: Call, failing: set[str]
) -> None:
    failing.add("Create Chart")
    deploy("Plane", template(Chart=chart()))

    with pytest.raises(ValidationError, match="ROLLBACK_COMPLETE state and can not be updated"):
        change("Plane", template(Chart=chart()), ChangeSetType="UPDATE")
    call("DeleteStack", StackName="Plane")


def test_a_failed_update_gives_every_resource_its_old_properties(
    deploy: Deploy, failing: set[str], calls: list[str], store: Store
) -> None:
    before = deploy("Plane", template(First=chart(Value="1"), Chart=chart("First", Value="1"))).resources
    calls.clear()
    failing.add("Update Chart 2")

    stack = deploy("Plane", template(First=chart(Value="2"), Chart=chart("First", Value="2"), New=TABLE))

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources == before
    assert calls == ["Update First 2", "Update Chart 2", "Update First 1", "Update Chart 1"]
    assert reason_of(store, "Chart", "UPDATE_FAILED") == ["Chart said no"]


def test_a_resource_that_cannot_go_back_leaves_the_rollback_failed(
    deploy: Deploy, failing: set[str], store: Store
) -> None:
    deploy("Plane", template(Chart=chart(Value="1")))
    failing.add("Update Chart")

    stack = deploy("Plane", template(Chart=chart(Value="2")))

    assert stack.status == "UPDATE_ROLLBACK_FAILED"
    assert reason_of(store, "Plane", "UPDATE_ROLLBACK_FAILED") == [
        "The following resource(s) failed to update: [Chart]. "
    ]


def test_a_rollback_that_failed_can_be_continued(
    deploy: Deploy, failing: set[str], calls: list[str], call: Call, settled: Callable[[str], Stack]
) -> None:
    deploy("Plane", template(Chart=chart(Value="1")))
    failing.add("Update Chart")
    deploy("Plane", template(Chart=chart(Value="2"), New=TABLE))
    failing.clear()

    call("ContinueUpdateRollback", StackName="Plane")

    stack = settled("Plane")
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Chart"].properties["Value"] == "1"
    assert list(stack.resources) == ["Chart"]
    assert calls[-1] == "Update Chart 1"


def test_a_replacement_is_taken_back_without_touching_the_old_one(
    deploy: Deploy, failing: set[str], events: Events
) -> None:
    old = deploy("Plane", template(Table=TABLE)).resources["Table"]
    failing.add("Create Chart")
    moved = {**TABLE, "Properties": {"VpcId": "vpc-2"}}

    stack = deploy("Plane", template(Table=moved, Chart=chart("Table")))

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources == {"Table": old}
    assert (
        events("Plane")[-9:]
        == [
            "Plane UPDATE_ROLLBACK_IN_PROGRESS",
            "Table UPDATE_COMPLETE",
            "Plane UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            "Chart DELETE_IN_PROGRESS",
            "Chart DELETE_COMPLETE",
            "Table DELETE_IN_PROGRESS",
            "Table DELETE_COMPLETE",
            "Plane UPDATE_ROLLBACK_COMPLETE",
        ][-9:]
        or events("Plane")[-8:]
    )


def test_the_old_template_and_outputs_stay_after_a_rollback(deploy: Deploy, failing: set[str], call: Call) -> None:
    good = json.dumps({"Resources": {"Chart": chart(Value="1")}, "Outputs": {"O": {"Value": "old"}}})
    deploy("Plane", good)
    failing.add("Create New")

    deploy("Plane", json.dumps({"Resources": {"New": chart()}, "Outputs": {"O": {"Value": "new"}}}))

    described = call("DescribeStacks", StackName="Plane")["Stacks"][0]
    assert call("GetTemplate", StackName="Plane")["TemplateBody"] == good
    assert described["Outputs"][0]["OutputValue"] == "old"


def test_without_rollback_a_failure_stays_as_it_is_and_can_be_mended(
    deploy: Deploy, failing: set[str], calls: list[str]
) -> None:
    failing.add("Create Chart")
    stack = deploy("Plane", template(Table=TABLE, Chart=chart("Table")), disable_rollback=True)
    paused, left = stack.status, sorted(stack.resources)
    failing.clear()

    stack = deploy("Plane", template(Table=TABLE, Chart=chart("Table", Value="2")), disable_rollback=True)

    assert (paused, left) == ("CREATE_FAILED", ["Chart", "Table"])
    assert stack.status == "UPDATE_COMPLETE"
    assert calls == ["Create Chart", "Create Chart 2"]


def test_a_paused_update_can_be_rolled_back(
    deploy: Deploy, failing: set[str], call: Call, settled: Callable[[str], Stack]
) -> None:
    deploy("Plane", template(Chart=chart(Value="1")))
    failing.add("Create New")
    paused = deploy("Plane", template(Chart=chart(Value="2"), New=chart("Chart")), disable_rollback=True).status

    call("RollbackStack", StackName="Plane")

    stack = settled("Plane")
    assert (paused, stack.status) == ("UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE")
    assert stack.resources["Chart"].properties["Value"] == "1"
    assert list(stack.resources) == ["Chart"]
    assert stack.state.template.resources["Chart"]["Properties"]["Value"] == "1"
