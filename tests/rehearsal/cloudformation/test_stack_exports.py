"""Exports are unique, and protected while they are imported."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack

Deploy = Callable[..., Stack]
Delete = Callable[..., Stack]
Call = Callable[..., dict[str, Any]]
TOPIC = {"Type": "AWS::SNS::Topic"}


def producer(value: str | None = "one", export: str = "net:vpc") -> str:
    outputs = {"Out": {"Value": value, "Export": {"Name": export}}} if value else {}
    return json.dumps({"Resources": {"Topic": TOPIC}, "Outputs": outputs})


def consumer() -> str:
    properties = {"DisplayName": {"Fn::ImportValue": "net:vpc"}}
    return json.dumps({"Resources": {"Topic": {**TOPIC, "Properties": properties}}})


def test_an_export_is_imported_and_listed(deploy: Deploy, call: Call) -> None:
    deploy("Network", producer())

    stack = deploy("Cluster", consumer())

    assert stack.resources["Topic"].properties["DisplayName"] == "one"
    assert call("ListImports", ExportName="net:vpc")["Imports"] == ["Cluster"]
    assert call("ListExports")["Exports"][0]["Value"] == "one"


@pytest.mark.parametrize(("body", "verb"), [(producer("two"), "update"), (producer(None), "delete")])
def test_an_export_in_use_can_not_change(body: str, verb: str, deploy: Deploy) -> None:
    deploy("Network", producer())
    deploy("Cluster", consumer())

    stack = deploy("Network", body)

    reasons = [event.reason for event in stack.journal.of_stack(stack.id)]
    refusal = f"Cannot {verb} export net:vpc as it is in use by Cluster."
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any(reason and refusal in reason for reason in reasons)


def test_a_stack_with_an_export_in_use_is_not_deleted(deploy: Deploy, delete: Delete) -> None:
    deploy("Network", producer())
    deploy("Cluster", consumer())

    stack = delete("Network")

    assert stack.status == "CREATE_COMPLETE"
    assert stack.reason == "Delete canceled. Cannot delete export net:vpc as it is in use by Cluster."
    assert list(stack.resources) == ["Topic"]


def test_a_second_export_of_a_name_fails(deploy: Deploy) -> None:
    deploy("Network", producer())

    stack = deploy("Other", producer())

    reasons = [event.reason or "" for event in stack.journal.of_stack(stack.id)]
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("Export with name net:vpc is already exported by stack Network" in reason for reason in reasons)


def test_a_missing_export_is_an_error(change: Call) -> None:
    described = change("Cluster", consumer())

    assert described["Status"] == "FAILED"
    assert described["StatusReason"] == "No export named net:vpc found."


def test_an_export_that_nobody_imports_has_no_importers(deploy: Deploy, call: Call) -> None:
    deploy("Network", producer())

    with pytest.raises(ValidationError, match="is not imported by any stack"):
        call("ListImports", ExportName="net:vpc")
