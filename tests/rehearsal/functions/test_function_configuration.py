"""A function's settings come from its CloudFormation properties."""

from pathlib import Path

import pytest

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.functions.environment import Surroundings, environment
from rehearsal.functions.function import function, function_name

MINIMAL = {"Runtime": "python3.13", "Handler": "index.handler", "Role": "role"}


def test_defaults_are_lambdas() -> None:
    one = function("f", "arn", MINIMAL, Path("/code"), ())

    assert (one.timeout_seconds, one.memory_mib, one.is_node) == (3, 128, False)


@pytest.mark.parametrize("runtime", ["java21", "provided.al2023", None])
def test_other_runtimes_are_refused_with_those_that_run(runtime: str | None) -> None:
    properties = {**MINIMAL, "Runtime": runtime} if runtime else {"Handler": "h.h", "Role": "role"}

    with pytest.raises(ResourceFailure, match=r"it runs python3\.\* and nodejs\*"):
        function("f", "arn", properties, Path("/code"), ())


def test_layers_give_programs_and_modules(tmp_path: Path) -> None:
    for folder in ("helm", "kubectl", "python"):
        (tmp_path / folder).mkdir()
    one = function("f", "arn", MINIMAL, Path("/code"), (tmp_path,))

    variables = environment(one, Surroundings("e", "r", "eu-west-1", "/modules"), Path("/run"), "id")

    assert variables["PATH"].split(":")[:2] == [str(tmp_path / "helm"), str(tmp_path / "kubectl")]
    assert variables["PYTHONPATH"] == str(tmp_path / "python")
    assert variables["NODE_PATH"] == f"{tmp_path}/nodejs/node_modules:/modules"


@pytest.mark.parametrize(
    "name", ["f", "arn:aws:lambda:eu-west-1:1:function:f", "arn:aws:lambda:eu-west-1:1:function:f:3"]
)
def test_a_function_is_known_by_name_or_arn(name: str) -> None:
    found = function_name(name)

    assert found == "f"
