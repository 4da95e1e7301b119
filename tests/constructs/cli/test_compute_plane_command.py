"""The command line says what it can do, and answers a mistake with one message and exit code 2."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_help_lists_the_commands(command: Callable[..., Any]) -> None:
    done = command("--help")

    assert done.code == 0
    assert "permissions" in done.out


def test_the_version_is_the_packages(command: Callable[..., Any]) -> None:
    assert command("--version").out.startswith("compute-plane 0.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say which environment: --env NAME"),
        (["--env", "dev", "--config", "x.yaml"], "say which environment: --env NAME"),
        (["--env", "pord"], "no environment 'pord'; expected one of ['dev', 'prod']; did you mean 'prod'?"),
        (["--config", "missing.yaml"], "missing.yaml: 1 error\n  the file: cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_is_one_message(arguments: list[str], message: str, command: Callable[..., Any]) -> None:
    done = command("permissions", *arguments)

    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_another_folder_is_refused_with_the_right_one(command: Callable[..., Any], tmp_path: Path) -> None:
    done = command("permissions", "--env", "dev", folder=tmp_path)

    assert done.code == 2
    assert done.err == f"{tmp_path}: no app.py and cdk.json here; run compute-plane in the repository's folder\n"


def test_an_option_that_does_not_exist_is_refused(command: Callable[..., Any]) -> None:
    done = command("permissions", "--environment", "dev")

    assert done.code == 2
    assert "No such option" in done.err


def test_starting_loads_nothing_heavy() -> None:
    heavy = "{'aws_cdk', 'cfnlint', 'pydantic', 'compute_plane.checks'}"
    program = f"import sys, compute_plane.cli.main as m; m.application(); print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
