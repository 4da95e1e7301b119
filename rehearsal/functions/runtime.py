"""Invokes functions: each invocation is a process of its own, in a folder of its own."""

import json
import shutil
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.functions.environment import Surroundings, environment
from rehearsal.functions.function import Function, function_name
from rehearsal.functions.process import Processes

BOOTSTRAPS = Path(__file__).parent


class NoSuchFunction(Exception):
    """Lambda's ResourceNotFoundException."""


@dataclass(frozen=True)
class Invocation:
    """An answer: the payload, or the error if `failed`."""

    payload: Any
    failed: bool


@dataclass(frozen=True)
class Run:
    """One line of what ran."""

    name: str
    seconds: float
    exit: int | None


class Runtime:
    """All functions of the account, and their log."""

    def __init__(self, folder: Path, surroundings: Surroundings) -> None:
        self._folder, self._surroundings = folder, surroundings
        self._functions: dict[str, Function] = {}
        self._processes = Processes()
        self._log_lock = threading.Lock()
        self.log = folder / "functions.log"
        self.runs: list[Run] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.log.touch()

    def put(self, function: Function) -> None:
        """Create a function or change it."""
        self._functions[function.name] = function

    def remove(self, name: str) -> None:
        self._functions.pop(name, None)

    def get(self, name_or_arn: str) -> Function:
        name = function_name(name_or_arn)
        if name not in self._functions:
            raise NoSuchFunction(f"Function not found: {name_or_arn}")
        return self._functions[name]

    def invoke(self, name_or_arn: str, event: Any) -> Invocation:
        """Run a function and wait for its answer."""
        function = self.get(name_or_arn)
        request_id = str(uuid.uuid4())
        folder = self._folder / "runs" / request_id
        folder.mkdir(parents=True)
        began = time.monotonic()
        try:
            invocation, exit_code, output = self._run(function, event, folder, request_id)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        seconds = round(time.monotonic() - began, 2)
        self._write_log(f"=== {function.name} {request_id} exit {exit_code} after {seconds:.2f} s\n{output}\n")
        self.runs.append(Run(function.name, seconds, exit_code))
        return invocation

    def close(self) -> None:
        self._processes.close()

    def _run(self, function: Function, event: Any, folder: Path, request_id: str) -> tuple[Invocation, int | None, str]:
        (folder / "event.json").write_text(json.dumps(event))
        bootstrap = ["node", str(BOOTSTRAPS / "bootstrap.js")]
        if not function.is_node:
            bootstrap = [sys.executable, "-P", str(BOOTSTRAPS / "bootstrap.py")]
        finished = self._processes.run(
            [*bootstrap, "event.json", "result.json"],
            folder,
            environment(function, self._surroundings, folder, request_id),
            function.timeout_seconds,
        )
        result = folder / "result.json"
        if finished.exit is None:
            message = f"{request_id} Task timed out after {function.timeout_seconds:.2f} seconds"
            failure = {"errorMessage": message, "errorType": "Sandbox.Timedout"}
            return Invocation(failure, failed=True), None, finished.output + message
        if not result.exists():
            message = f"RequestId: {request_id} Error: Runtime exited with error: exit status {finished.exit}"
            failure = {"errorMessage": message, "errorType": "Runtime.ExitError"}
            return Invocation(failure, failed=True), finished.exit, finished.output
        answer: dict[str, Any] = json.loads(result.read_text())
        failed = "error" in answer
        return Invocation(answer["error"] if failed else answer["result"], failed), finished.exit, finished.output

    def _write_log(self, text: str) -> None:
        with self._log_lock, self.log.open("a") as log:
            log.write(text)
