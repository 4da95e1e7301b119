"""The services that the rehearsal answers itself speak as AWS's do."""

import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from rehearsal.functions.environment import Surroundings
from rehearsal.functions.function import Function
from rehearsal.functions.runtime import Invocation, Runtime
from rehearsal.functions.state_machines import StateMachines
from rehearsal.place import Place
from rehearsal.services import small_apis
from rehearsal.services.lambda_api import LambdaApi

PLACE = Place("123456789012", "eu-west-1", ("eu-west-1a",))
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:handler"


def request(path: str, method: str = "POST", body: Any = None, **headers: str) -> Request:
    text = "" if body is None else json.dumps(body)
    return Request(EnvironBuilder(path=path, method=method, data=text, headers=list(headers.items())).get_environ())


def content(response: Response | None) -> dict[str, Any]:
    """The JSON of an answer that must be there."""
    assert response is not None
    return json.loads(response.get_data())


@pytest.fixture
def functions(tmp_path: Path) -> LambdaApi:
    runtime = Runtime(tmp_path / "state", Surroundings("e", "http://localhost/r/", "eu-west-1"))
    (tmp_path / "index.py").write_text("def handler(event, context):\n    return 1 / event['by']\n")
    settings: dict[str, Any] = {
        "role": "role",
        "timeout_seconds": 20,
        "memory_mib": 128,
        "environment": {},
        "layers": (),
    }
    runtime.put(Function("handler", ARN, "python3.13", "index.handler", code=tmp_path, **settings))
    return LambdaApi(runtime)


def test_invoke_gives_the_payload(functions: LambdaApi) -> None:
    response = functions(request(f"/2015-03-31/functions/{ARN}/invocations", body={"by": 2}))

    assert response is not None
    assert (response.status_code, response.json) == (200, 0.5)
    assert "X-Amz-Function-Error" not in response.headers


def test_a_failed_function_is_marked(functions: LambdaApi) -> None:
    response = functions(request("/2015-03-31/functions/handler/invocations", body={"by": 0}))

    assert response is not None
    assert response.headers["X-Amz-Function-Error"] == "Unhandled"
    assert content(response)["errorType"] == "ZeroDivisionError"


def test_an_asynchronous_call_is_accepted_at_once(functions: LambdaApi) -> None:
    call = request("/2015-03-31/functions/handler/invocations", body={"by": 1}, **{"X-Amz-Invocation-Type": "Event"})

    response = functions(call)

    assert response is not None
    assert response.status_code == 202


def test_a_function_is_active_for_the_waiter(functions: LambdaApi) -> None:
    whole = functions(request("/2015-03-31/functions/handler", "GET"))
    part = functions(request("/2015-03-31/functions/handler/configuration", "GET"))

    assert content(whole)["Configuration"] == content(part)
    assert content(part)["State"] == "Active"


def test_an_unknown_function_is_lambdas_not_found(functions: LambdaApi) -> None:
    response = functions(request("/2015-03-31/functions/nobody/invocations", body={}))

    assert response is not None
    assert response.status_code == 404
    assert response.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"


def test_other_lambda_calls_are_left_to_moto(functions: LambdaApi) -> None:
    response = functions(request("/2015-03-31/event-source-mappings", "GET"))

    assert response is None


@pytest.mark.parametrize(
    ("service", "target", "key"),
    [
        (small_apis.cloud_trail, "CloudTrail_20131101.LookupEvents", "Events"),
        (small_apis.ecr_public, "SpencerFrontendService.GetAuthorizationToken", "authorizationData"),
        (small_apis.EcrApi(PLACE), "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "authorizationData"),
    ],
)
def test_one_operation_is_answered_and_others_are_left_to_moto(service: Any, target: str, key: str) -> None:
    answered = service(request("/", body={}, **{"X-Amz-Target": target}))
    other = service(request("/", body={}, **{"X-Amz-Target": "Any.Other"}))

    assert key in answered.json
    assert other is None


def test_an_execution_starts_or_its_machine_does_not_exist() -> None:
    machines = StateMachines(lambda name, data: Invocation(None, failed=False))
    arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:waiter"
    machines.put(arn, '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "f", "End": true}}}')
    api = small_apis.StepFunctionsApi(machines)
    target = {"X-Amz-Target": "AWSStepFunctions.StartExecution"}

    started = api(request("/", body={"stateMachineArn": arn, "name": "n", "input": "{}"}, **target))
    refused = api(request("/", body={"stateMachineArn": "other"}, **target))

    assert refused is not None
    assert content(started)["executionArn"].endswith(":execution:waiter:n")
    assert refused.headers["x-amzn-ErrorType"] == "StateMachineDoesNotExist"
