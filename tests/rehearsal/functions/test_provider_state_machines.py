"""The state machine of CDK's provider framework polls until the function no longer refuses."""

import json
from typing import Any

import pytest

from rehearsal.functions.runtime import Invocation
from rehearsal.functions.state_machines import StateMachines

WAITER: dict[str, Any] = {
    "StartAt": "isComplete",
    "States": {
        "isComplete": {
            "Type": "Task",
            "Resource": "complete",
            "End": True,
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 30, "MaxAttempts": 3, "BackoffRate": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "onTimeout"}],
        },
        "onTimeout": {"Type": "Task", "Resource": "timeout", "End": True},
    },
}


def machines(refusals: int) -> tuple[StateMachines, list[tuple[str, Any]]]:
    """State machines whose `complete` function refuses so many times."""
    invoked: list[tuple[str, Any]] = []

    def invoke(name: str, data: Any) -> Invocation:
        invoked.append((name, data))
        failed = name == "complete" and len(invoked) <= refusals
        return Invocation({"errorType": "Retry", "errorMessage": "not yet"} if failed else "done", failed)

    return StateMachines(invoke, longest_wait=0.0), invoked


def test_a_refused_task_is_tried_again() -> None:
    one, invoked = machines(refusals=2)

    result = one.execute(WAITER, {"id": 1})

    assert result == Invocation("done", failed=False)
    assert invoked == [("complete", {"id": 1})] * 3


def test_after_the_last_attempt_the_catcher_gets_the_error() -> None:
    one, invoked = machines(refusals=99)

    one.execute(WAITER, {"id": 1})

    name, data = invoked[-1]
    assert [called for called, _ in invoked] == ["complete"] * 4 + ["timeout"]
    assert (name, data["Error"], json.loads(data["Cause"])["errorMessage"]) == ("timeout", "Retry", "not yet")


def test_other_states_are_refused_by_name() -> None:
    one, _ = machines(refusals=0)

    with pytest.raises(ValueError, match="'Pause': 'Wait'"):
        one.put("arn", json.dumps({"StartAt": "Pause", "States": {"Pause": {"Type": "Wait"}}}))


def test_an_unknown_machine_cannot_start() -> None:
    one, _ = machines(refusals=0)

    with pytest.raises(KeyError):
        one.start("nobody", {})
