"""Runs one invocation of a Python handler: `bootstrap.py <event file> <result file>`.

What it needs to know stands in the environment, as in Lambda. It imports nothing of the rehearsal.
"""

import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """The second argument of a handler."""

    def __init__(self) -> None:
        environment = os.environ
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = environment["REHEARSAL_FUNCTION_ARN"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = environment["REHEARSAL_REQUEST_ID"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = time.time() + float(environment["REHEARSAL_TIMEOUT"])

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.time()) * 1000))


def run(event: Any) -> dict[str, Any]:
    """The handler's answer, or its error in Lambda's form."""
    try:
        module, _, name = os.environ["_HANDLER"].rpartition(".")
        handler = getattr(importlib.import_module(module.replace("/", ".")), name)
        return {"result": handler(event, Context())}
    except BaseException as error:
        traceback.print_exc()
        trace = traceback.format_tb(error.__traceback__)
        return {
            "error": {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": trace},
        }


if __name__ == "__main__":
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    with open(sys.argv[1], encoding="utf-8") as source:
        answer = run(json.load(source))
    with open(sys.argv[2], "w", encoding="utf-8") as target:
        json.dump(answer, target)
