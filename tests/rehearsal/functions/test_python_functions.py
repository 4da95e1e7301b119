"""Python functions run with Lambda's event, context and environment."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.functions.function import Function
from rehearsal.functions.runtime import NoSuchFunction, Runtime

Write = Callable[..., Function]


def test_a_handler_gets_its_event_context_and_environment(write: Write, runtime: Runtime) -> None:
    source = """
import os
def handler(event, context):
    print("hello from", context.function_name)
    names = ("AWS_REGION", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "NO_PROXY", "OWN", "HOME", "TMPDIR")
    return {
        "event": event,
        "arn": context.invoked_function_arn,
        "left": context.get_remaining_time_in_millis(),
        **{name: os.environ.get(name) for name in names},
    }
"""
    function = write(source, OWN="mine")

    invocation = runtime.invoke(function.arn + ":$LATEST", {"a": [1]})

    answer: dict[str, Any] = invocation.payload
    assert not invocation.failed
    assert answer["event"] == {"a": [1]}
    assert answer["arn"] == function.arn
    assert 0 < answer["left"] <= 20_000
    assert (answer["AWS_REGION"], answer["OWN"]) == ("eu-west-1", "mine")
    assert (answer["AWS_ENDPOINT_URL"], answer["HTTPS_PROXY"]) == ("http://localhost:1", "http://127.0.0.1:2")
    assert "127.0.0.1" in answer["NO_PROXY"]
    assert answer["HOME"] == answer["TMPDIR"]
    assert answer["HOME"].startswith(str(runtime.log.parent))
    assert "hello from handler" in runtime.log.read_text()
    assert [(run.name, run.exit) for run in runtime.runs] == [("handler", 0)]


def test_an_exception_is_lambdas_error(write: Write, runtime: Runtime) -> None:
    write("def handler(event, context):\n    raise ValueError('no such chart')\n")

    invocation = runtime.invoke("handler", {})

    assert invocation.failed
    assert invocation.payload["errorMessage"] == "no such chart"
    assert invocation.payload["errorType"] == "ValueError"
    assert "ValueError: no such chart" in runtime.log.read_text()


def test_the_timeout_ends_the_function_and_its_children(write: Write, runtime: Runtime) -> None:
    source = """
import subprocess
def handler(event, context):
    subprocess.run(["sleep", "60"])
"""
    write(source, timeout=0.5)
    began = time.monotonic()

    invocation = runtime.invoke("handler", {})

    assert time.monotonic() - began < 10
    assert invocation.failed
    assert invocation.payload["errorMessage"].endswith("Task timed out after 0.50 seconds")
    assert runtime.runs[0].exit is None


def test_a_process_that_ends_without_an_answer_is_an_error(write: Write, runtime: Runtime) -> None:
    write("import os\ndef handler(event, context):\n    os._exit(7)\n")

    invocation = runtime.invoke("handler", {})

    assert invocation.failed
    assert invocation.payload["errorMessage"].endswith("Runtime exited with error: exit status 7")


def test_our_own_modules_do_not_shadow_a_functions(write: Write, runtime: Runtime) -> None:
    function = write("import process\ndef handler(event, context):\n    return process.NAME\n")
    (function.code / "process.py").write_text("NAME = 'the function'\n")

    invocation = runtime.invoke("handler", {})

    assert invocation.payload == "the function"


def test_an_unknown_function_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(NoSuchFunction, match="Function not found: nobody"):
        runtime.invoke("nobody", {})


def test_nothing_starts_after_the_end(write: Write, runtime: Runtime) -> None:
    write("def handler(event, context):\n    return 1\n")
    runtime.close()

    with pytest.raises(RuntimeError, match="the rehearsal is over"):
        runtime.invoke("handler", json.loads("{}"))
