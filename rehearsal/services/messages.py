"""JSON requests and answers as AWS services write them."""

import json
from typing import Any

from werkzeug.wrappers import Request, Response


def body_of(request: Request) -> dict[str, Any]:
    """The JSON body of a request; an empty one is an empty object."""
    return json.loads(request.get_data() or b"{}")


def answer(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, mimetype="application/json")


def refusal(code: str, message: str, status: int = 400) -> Response:
    """An error, with its code where the SDKs look for it."""
    response = answer({"__type": code, "message": message, "Message": message}, status)
    response.headers["x-amzn-ErrorType"] = code
    return response


def operation_of(request: Request) -> str:
    """The operation of a JSON-protocol request: what follows the dot of X-Amz-Target."""
    return request.headers.get("X-Amz-Target", "").rpartition(".")[2]
