"""Services of which the rehearsal needs one operation each."""

import base64
import json
import time
import uuid

from werkzeug.wrappers import Request, Response

from rehearsal.functions.state_machines import StateMachines
from rehearsal.place import Place
from rehearsal.services.messages import answer, body_of, operation_of, refusal

TOKEN_LIFETIME_SECONDS = 43_200
REGISTRY_TOKEN = base64.b64encode(b"AWS:rehearsal").decode()


def cloud_trail(request: Request) -> Response | None:
    """The command line looks here for the cause of a failure: nothing is recorded."""
    return answer({"Events": []}) if operation_of(request) == "LookupEvents" else None


def ecr_public(request: Request) -> Response | None:
    """`aws ecr-public get-login-password`, before a chart is pulled from public.ecr.aws."""
    if operation_of(request) != "GetAuthorizationToken":
        return None
    expires = int(time.time()) + TOKEN_LIFETIME_SECONDS
    return answer({"authorizationData": {"authorizationToken": REGISTRY_TOKEN, "expiresAt": expires}})


class EcrApi:
    """`aws ecr get-login-password`; everything else is moto's."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __call__(self, request: Request) -> Response | None:
        if operation_of(request) != "GetAuthorizationToken":
            return None
        place = self._place
        data = {
            "authorizationToken": REGISTRY_TOKEN,
            "expiresAt": int(time.time()) + TOKEN_LIFETIME_SECONDS,
            "proxyEndpoint": f"https://{place.account}.dkr.ecr.{place.region}.{place.url_suffix}",
        }
        return answer({"authorizationData": [data]})


class StepFunctionsApi:
    """StartExecution, with which CDK's provider framework begins to poll `is_complete`."""

    def __init__(self, machines: StateMachines) -> None:
        self._machines = machines

    def __call__(self, request: Request) -> Response | None:
        if operation_of(request) != "StartExecution":
            return None
        call = body_of(request)
        arn, name = str(call["stateMachineArn"]), str(call.get("name") or uuid.uuid4())
        try:
            self._machines.start(arn, json.loads(call.get("input") or "{}"))
        except KeyError:
            return refusal("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
        execution = f"{arn.replace(':stateMachine:', ':execution:')}:{name}"
        return answer({"executionArn": execution, "startDate": time.time()})
