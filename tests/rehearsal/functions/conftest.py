"""Functions written in a test, run for real."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehearsal.functions.environment import Surroundings
from rehearsal.functions.function import Function
from rehearsal.functions.runtime import Runtime

Write = Callable[..., Function]


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    extra = {"HTTPS_PROXY": "http://127.0.0.1:2"}
    surroundings = Surroundings("http://localhost:1", "http://localhost:1/answers/", "eu-west-1", "/modules", extra)
    one = Runtime(tmp_path / "state", surroundings)
    yield one
    one.close()


@pytest.fixture
def write(tmp_path: Path, runtime: Runtime) -> Write:
    """Put a function of this source into the runtime."""

    def put(source: str, *, runtime_name: str = "python3.13", timeout: float = 20, **environment: str) -> Function:
        code = tmp_path / "code"
        code.mkdir()
        (code / ("index.py" if runtime_name.startswith("python") else "index.js")).write_text(source)
        function = Function(
            name="handler",
            arn="arn:aws:lambda:eu-west-1:123456789012:function:handler",
            runtime=runtime_name,
            handler="index.handler",
            role="role",
            timeout_seconds=timeout,
            memory_mib=256,
            environment=environment,
            code=code,
            layers=(),
        )
        runtime.put(function)
        return function

    return put
