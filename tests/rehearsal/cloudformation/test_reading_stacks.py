"""The calls that read give what the command line asks for."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack

Deploy = Callable[..., Stack]
Call = Callable[..., dict[str, Any]]


def many(count: int) -> str:
    return json.dumps({"Resources": {f"Topic{number}": {"Type": "AWS::SNS::Topic"} for number in range(count)}})


def test_events_come_in_pages_newest_first_with_ever_rising_times(deploy: Deploy, call: Call) -> None:
    deploy("Plane", many(60))

    first = call("DescribeStackEvents", StackName="Plane")
    second = call("DescribeStackEvents", StackName="Plane", NextToken=first["NextToken"])

    events = first["StackEvents"] + second["StackEvents"]
    times = [event["Timestamp"] for event in events]
    assert len(first["StackEvents"]) == 100
    assert "NextToken" not in second
    assert (events[0]["ResourceStatus"], events[-1]["ResourceStatus"]) == ("CREATE_COMPLETE", "REVIEW_IN_PROGRESS")
    assert times == sorted(set(times), reverse=True)


def test_resources_are_listed_and_found_by_logical_id(deploy: Deploy, call: Call) -> None:
    deploy("Plane", many(2))

    listed = call("ListStackResources", StackName="Plane")["StackResourceSummaries"]
    found = call("DescribeStackResources", StackName="Plane", LogicalResourceId="Topic1")["StackResources"]

    assert sorted(one["LogicalResourceId"] for one in listed) == ["Topic0", "Topic1"]
    assert [one["ResourceType"] for one in found] == ["AWS::SNS::Topic"]
    with pytest.raises(ValidationError, match="Resource Other does not exist"):
        call("DescribeStackResources", StackName="Plane", LogicalResourceId="Other")


def test_a_summary_tells_how_resources_are_identified(call: Call) -> None:
    body = json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}})

    summary = call("GetTemplateSummary", TemplateBody=body)

    assert summary["ResourceIdentifierSummaries"] == [
        {
            "ResourceType": "AWS::S3::Bucket",
            "LogicalResourceIds": ["Bucket"],
            "ResourceIdentifiers": ["BucketName"],
        }
    ]


def test_an_operation_that_is_not_rehearsed_is_refused_by_name(call: Call) -> None:
    with pytest.raises(ValidationError, match="DetectStackDrift") as refusal:
        call("DetectStackDrift", StackName="Plane")

    assert refusal.value.code == "InvalidAction"
