"""The part of Lambda's API that CDK's provider framework, the command line and handlers call."""

import json
import threading
from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from rehearsal.functions.function import Function, function_name
from rehearsal.functions.runtime import NoSuchFunction, Runtime
from rehearsal.services.messages import answer, refusal


class LambdaApi:
    """Invoke, GetFunction and GetFunctionConfiguration."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def __call__(self, request: Request) -> Response | None:
        """The answer, or None if the call is not one of ours."""
        _, marker, rest = request.path.partition("/functions/")
        if not marker:
            return None
        encoded, _, resource = rest.strip("/").partition("/")
        name = function_name(unquote(encoded))
        try:
            if request.method == "POST" and resource == "invocations":
                return self._invoke(name, request)
            if request.method == "GET" and resource in ("", "configuration"):
                configuration = described(self._runtime.get(name))
                return answer(configuration if resource else {"Configuration": configuration, "Code": {}})
        except NoSuchFunction as error:
            return refusal("ResourceNotFoundException", str(error), 404)
        return None

    def _invoke(self, name: str, request: Request) -> Response:
        event = json.loads(request.get_data() or b"null")
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind == "Event":
            self._runtime.get(name)
            threading.Thread(target=self._runtime.invoke, args=(name, event), daemon=True).start()
            return Response(status=202)
        if kind == "DryRun":
            self._runtime.get(name)
            return Response(status=204)
        invocation = self._runtime.invoke(name, event)
        response = answer(invocation.payload)
        response.headers["X-Amz-Executed-Version"] = "$LATEST"
        if invocation.failed:
            response.headers["X-Amz-Function-Error"] = "Unhandled"
        return response


def described(function: Function) -> dict[str, Any]:
    """A function's configuration."""
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Runtime": function.runtime,
        "Handler": function.handler,
        "Role": function.role,
        "Timeout": int(function.timeout_seconds),
        "MemorySize": function.memory_mib,
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "Version": "$LATEST",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.name}"},
    }
