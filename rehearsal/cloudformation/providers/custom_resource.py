"""Custom resources: CloudFormation's event goes to the function, the answer comes to the response URL."""

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.resource import Resource
from rehearsal.functions.runtime import Invocation, NoSuchFunction

DEFAULT_SERVICE_TIMEOUT_SECONDS = 3600.0


@dataclass
class _Pending:
    arrived: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] = field(default_factory=dict[str, Any])


class CustomResources:
    """Sends the events and collects the answers.

    CloudFormation waits an hour for a function that ended in an error without answering. Here such a resource
    fails at once, with the function's error.
    """

    def __init__(self, invoke: Callable[[str, Any], Invocation], response_url: str) -> None:
        self._invoke, self._response_url = invoke, response_url
        self._pending: dict[str, _Pending] = {}

    def create(self, request: Request) -> Made:
        return self._ask("Create", request, None)

    def update(self, request: Request, current: Resource) -> Made:
        if request.properties["ServiceToken"] != current.properties["ServiceToken"]:
            raise ResourceFailure("Modifying service token is not allowed.")
        return self._ask("Update", request, current)

    def delete(self, request: Request, current: Resource) -> None:
        self._ask("Delete", request, current)

    def answer(self, request_id: str, body: bytes) -> bool:
        """Take an answer that was sent to the response URL; False if nobody waits for it."""
        pending = self._pending.get(request_id)
        if pending is None:
            return False
        pending.answer = json.loads(body)
        pending.arrived.set()
        return True

    def _ask(self, kind: str, request: Request, current: Resource | None) -> Made:
        request_id = str(uuid.uuid4())
        service_token = str(request.properties["ServiceToken"])
        if ":function:" not in service_token:
            raise ResourceFailure(f"ServiceToken must be the ARN of a Lambda function here; got {service_token}")
        event = self._event(kind, request_id, request, current)
        pending = self._pending[request_id] = _Pending()
        threading.Thread(target=self._run, args=(service_token, event, pending), daemon=True).start()
        seconds = float(request.properties.get("ServiceTimeout", DEFAULT_SERVICE_TIMEOUT_SECONDS))
        try:
            answered = pending.arrived.wait(seconds)
        finally:
            del self._pending[request_id]
        fallback = current.physical_id if current else generated_id(request)
        return self._made(pending.answer if answered else {}, request_id, fallback)

    def _run(self, service_token: str, event: dict[str, Any], pending: _Pending) -> None:
        try:
            invocation = self._invoke(service_token, event)
            failure = invocation.payload if invocation.failed else None
        except NoSuchFunction as error:
            failure = {"errorMessage": str(error)}
        except Exception as error:  # the waiting deployment must hear of it, whatever it is
            failure = {"errorMessage": f"{type(error).__name__}: {error}"}
        if failure is not None and not pending.arrived.is_set():
            pending.answer = {"Error": failure.get("errorMessage", str(failure))}
            pending.arrived.set()

    def _event(self, kind: str, request_id: str, request: Request, current: Resource | None) -> dict[str, Any]:
        event: dict[str, Any] = {
            "RequestType": kind,
            "ServiceToken": request.properties["ServiceToken"],
            "ResponseURL": f"{self._response_url}{request_id}",
            "StackId": request.stack_id,
            "RequestId": request_id,
            "LogicalResourceId": request.logical_id,
            "ResourceType": request.type,
            "ResourceProperties": as_text(request.properties),
        }
        if current:
            event["PhysicalResourceId"] = current.physical_id
        if current and kind == "Update":
            event["OldResourceProperties"] = as_text(current.properties)
        return event

    @staticmethod
    def _made(answer: Mapping[str, Any], request_id: str, fallback: str) -> Made:
        if "Status" not in answer:
            cause = f" The function failed: {answer['Error']}" if "Error" in answer else ""
            raise ResourceFailure(
                "CloudFormation did not receive a response from your Custom Resource. "
                f"Please check your logs for requestId [{request_id}].{cause}",
                physical_id=fallback,
            )
        physical_id = answer.get("PhysicalResourceId")
        if answer["Status"] != "SUCCESS":
            raise ResourceFailure(
                f"Received response status [FAILED] from custom resource. Message returned: {answer.get('Reason')} "
                f"(RequestId: {request_id})",
                physical_id=physical_id or fallback,
            )
        if not physical_id:
            raise ResourceFailure("Invalid PhysicalResourceId", physical_id=fallback)
        return Made(str(physical_id), answer.get("Data") or {})


def generated_id(request: Request) -> str:
    """The physical id that CloudFormation uses for a custom resource that named none."""
    return f"{request.stack_name}-{request.logical_id}-{request.token[:12].upper()}"


def as_text(value: Any) -> Any:
    """Properties as an event carries them: every scalar is text."""
    if isinstance(value, Mapping):
        return {key: as_text(element) for key, element in value.items()}
    if isinstance(value, list):
        return [as_text(element) for element in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
