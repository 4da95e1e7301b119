"""Runs the state machine with which CDK's provider framework polls `is_complete`.

Only Task states with Retry and Catch, which is all that the framework writes. Waits between attempts are cut to
`longest_wait` seconds: what is waited for happens at once here.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.functions.runtime import Invocation

LONGEST_WAIT_SECONDS = 1.0


class StateMachines:
    """The state machines of the account; an execution is a thread."""

    def __init__(self, invoke: Callable[[str, Any], Invocation], longest_wait: float = LONGEST_WAIT_SECONDS) -> None:
        self._invoke, self._longest_wait = invoke, longest_wait
        self._definitions: dict[str, dict[str, Any]] = {}

    def put(self, arn: str, definition: str) -> None:
        parsed = json.loads(definition)
        others = {name: state["Type"] for name, state in parsed["States"].items() if state["Type"] != "Task"}
        if others:
            raise ValueError(f"the rehearsal runs Task states only; got {others}")
        self._definitions[arn] = parsed

    def remove(self, arn: str) -> None:
        self._definitions.pop(arn, None)

    def start(self, arn: str, data: Any) -> None:
        """Start an execution; raises KeyError for an unknown state machine."""
        definition = self._definitions[arn]
        threading.Thread(target=self.execute, args=(definition, data), name=arn, daemon=True).start()

    def execute(self, definition: Mapping[str, Any], data: Any) -> Invocation:
        """Walk the states to the end."""
        name: str = definition["StartAt"]
        while True:
            state: Mapping[str, Any] = definition["States"][name]
            invocation = self._attempts(state, data)
            if invocation.failed:
                if not state.get("Catch"):
                    return invocation
                cause = json.dumps(invocation.payload)
                data = {"Error": invocation.payload.get("errorType", "Error"), "Cause": cause}
                name = state["Catch"][0]["Next"]
            elif state.get("End"):
                return invocation
            else:
                data, name = invocation.payload, state["Next"]

    def _attempts(self, state: Mapping[str, Any], data: Any) -> Invocation:
        retry: Mapping[str, Any] = (state.get("Retry") or [{"MaxAttempts": 0}])[0]
        wait = float(retry.get("IntervalSeconds", 1))
        for _ in range(int(retry.get("MaxAttempts", 3))):
            invocation = self._invoke(state["Resource"], data)
            if not invocation.failed:
                return invocation
            time.sleep(min(wait, self._longest_wait))
            wait *= float(retry.get("BackoffRate", 2.0))
        return self._invoke(state["Resource"], data)
