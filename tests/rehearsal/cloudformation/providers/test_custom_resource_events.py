"""Custom resources get CloudFormation's events, and their answers decide."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Request
from rehearsal.cloudformation.providers.custom_resource import CustomResources
from rehearsal.cloudformation.resource import Resource
from rehearsal.functions.runtime import Invocation

URL = "http://localhost:1/answers/"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:handler"


def request_of(**properties: Any) -> Request:
    return Request("stack-id", "Plane", "Chart", "Custom::Chart", {"ServiceToken": FUNCTION, **properties}, "ab" * 32)


def current(**properties: Any) -> Resource:
    return Resource("Chart", "Custom::Chart", "release-1", {"ServiceToken": FUNCTION, **properties}, {})


def answering(make: Callable[[dict[str, Any]], dict[str, Any] | None]) -> tuple[CustomResources, list[dict[str, Any]]]:
    """Custom resources whose function sends what `make` returns, if anything, and the events that it got."""
    events: list[dict[str, Any]] = []

    def invoke(name: str, event: dict[str, Any]) -> Invocation:
        events.append(event)
        body = make(event)
        if body is not None:
            resources.answer(event["ResponseURL"].removeprefix(URL), json.dumps(body).encode())
        return Invocation(None, failed=False)

    resources = CustomResources(invoke, URL)
    return resources, events


def success(event: dict[str, Any]) -> dict[str, Any]:
    return {"Status": "SUCCESS", "PhysicalResourceId": "release-1", "Data": {"Answer": event["RequestType"]}}


def test_every_property_is_text_in_the_event() -> None:
    resources, events = answering(success)

    made = resources.create(request_of(Wait=True, Size=3, Nested={"On": False}, List=[1]))

    assert events[0]["RequestType"] == "Create"
    assert events[0]["ResourceProperties"] == {
        "ServiceToken": FUNCTION,
        "Wait": "true",
        "Size": "3",
        "Nested": {"On": "false"},
        "List": ["1"],
    }
    assert (made.physical_id, made.attributes) == ("release-1", {"Answer": "Create"})


def test_an_update_carries_the_old_properties_and_the_physical_id() -> None:
    resources, events = answering(success)

    resources.update(request_of(Value="2"), current(Value="1"))

    assert events[0]["PhysicalResourceId"] == "release-1"
    assert events[0]["OldResourceProperties"]["Value"] == "1"
    assert events[0]["ResourceProperties"]["Value"] == "2"


def test_a_deletion_carries_no_old_properties() -> None:
    resources, events = answering(success)

    resources.delete(request_of(), current())

    assert events[0]["RequestType"] == "Delete"
    assert "OldResourceProperties" not in events[0]


def test_a_failed_answer_is_the_failure_with_its_reason_and_id() -> None:
    answer = {"Status": "FAILED", "Reason": "no such chart", "PhysicalResourceId": "half-made"}
    resources, _ = answering(lambda event: answer)

    with pytest.raises(ResourceFailure, match=r"\[FAILED\] from custom resource. Message returned: no such chart") as f:
        resources.create(request_of())

    assert f.value.physical_id == "half-made"


def test_silence_until_the_service_timeout_fails() -> None:
    resources, _ = answering(lambda event: None)

    with pytest.raises(ResourceFailure, match="did not receive a response from your Custom Resource") as failure:
        resources.create(request_of(ServiceTimeout="0.05"))

    assert failure.value.physical_id == "Plane-Chart-ABABABABABAB"


def test_an_answer_may_come_after_the_function_ended() -> None:
    def later(event: dict[str, Any]) -> None:
        body = json.dumps(success(event)).encode()
        threading.Timer(0.05, resources.answer, (event["ResponseURL"].removeprefix(URL), body)).start()

    resources, _ = answering(later)

    made = resources.create(request_of(ServiceTimeout="5"))

    assert made.physical_id == "release-1"


def test_a_function_that_broke_fails_at_once_with_its_error() -> None:
    broken = Invocation({"errorMessage": "Task timed out after 3.00 seconds"}, failed=True)
    resources = CustomResources(lambda name, event: broken, URL)

    with pytest.raises(ResourceFailure, match=r"The function failed: Task timed out after 3\.00 seconds"):
        resources.create(request_of())


def test_the_service_token_cannot_change() -> None:
    resources, _ = answering(success)

    with pytest.raises(ResourceFailure, match="Modifying service token is not allowed"):
        resources.update(request_of(ServiceToken=f"{FUNCTION}-2"), current())


def test_an_answer_that_nobody_waits_for_is_unknown() -> None:
    resources, _ = answering(success)

    known = resources.answer("nobody", b"{}")

    assert known is False
