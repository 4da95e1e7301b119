"""`compute-plane permissions` prints, writes and compares."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import compute_plane.cli.environments as environments
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import load
from compute_plane.permissions.registry import Registry

ACCOUNT = "111122223333"


@pytest.fixture
def permissions(
    command: Callable[..., Any], synthesize: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """The command, for the assembly that all tests share."""

    def copied(file: Path, output: Path, account: str | None = None) -> EnvironmentConfig:
        shutil.copytree(synthesize("dev", account=account), output, dirs_exist_ok=True)
        return load(file)

    monkeypatch.setattr(environments, "synthesize", copied)
    return lambda *arguments: command("permissions", "--env", "dev", *arguments)


def test_both_holders_policies_are_printed_with_their_sizes(permissions: Callable[..., Any]) -> None:
    done = permissions("--account", ACCOUNT)

    assert done.code == 0
    assert done.out.startswith("# CloudFormation's execution role (cdk bootstrap")
    assert "# cp-euc1-dev-execution-1: " in done.out
    assert " of 6144 characters\n{" in done.out
    assert "# who runs `cdk deploy`" in done.out
    assert done.err == ""


def test_one_holder_can_be_chosen_and_read_by_a_program(permissions: Callable[..., Any]) -> None:
    done = permissions("--account", ACCOUNT, "--for", "deployer", "--format", "json")

    content = json.loads(done.out)
    assert content.keys() == {"deployer", "left_out"}
    assert [each["Sid"] for each in content["deployer"]["cp-euc1-dev-deployer"]["Statement"]] == [
        "ReadBootstrapVersion",
        "AskWhoItIs",
        "AssumeBootstrapRoles",
    ]


def test_an_unknown_account_is_said(permissions: Callable[..., Any]) -> None:
    done = permissions()

    assert done.code == 0
    assert "${AWS::AccountId}" in done.out
    assert done.err.startswith("No account is known")


def test_files_hold_what_aws_takes_and_lack_nothing(permissions: Callable[..., Any], tmp_path: Path) -> None:
    written = permissions("--account", ACCOUNT, "--for", "execution", "--output", str(tmp_path / "policies"))
    files = sorted((tmp_path / "policies").iterdir())

    done = permissions("--account", ACCOUNT, *(f"--compare={file}" for file in files))

    assert written.code == 0
    assert [file.stem for file in files] == [f"cp-euc1-dev-execution-{number}" for number in range(1, len(files) + 1)]
    assert done.code == 0
    assert done.out.startswith("Nothing is missing: all ")


def test_what_a_policy_lacks_is_a_table_and_an_exit_code(permissions: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "installer.json"
    file.write_text(json.dumps({"Statement": {"Effect": "Allow", "Action": ["ec2:*", "eks:*"], "Resource": "*"}}))

    text = permissions("--account", ACCOUNT, "--compare", str(file))
    program = permissions("--account", ACCOUNT, "--compare", str(file), "--format", "json")

    assert (text.code, program.code) == (1, 1)
    assert text.out.split("\n")[0].split() == ["ACTION", "RESOURCE", "WHY", "NEEDED", "BY"]
    assert "  not granted  " in text.out
    assert "\nMissing: " in text.out
    rows = json.loads(program.out)["missing"]
    assert not [row for row in rows if row["action"].startswith(("ec2:", "eks:"))]
    assert {"SQS::Queue (cp-euc1-dev-addons)"} in [set(row["needed_by"]) for row in rows]


def test_a_file_that_is_no_policy_is_a_mistake(permissions: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("Effect: Allow")

    done = permissions("--compare", str(tmp_path / "none.json"))

    assert done.code == 2
    assert "none.json: is no JSON: " in done.err


def test_a_missing_library_is_named_with_the_file_that_installs_it(
    permissions: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: Registry, region: str) -> None:
        monkeypatch.setitem(sys.modules, "cfnlint.schema.manager", None)
        original(self, region)

    original = Registry.__init__
    monkeypatch.setattr(Registry, "__init__", missing)

    done = permissions()

    assert done.code == 2
    assert done.err.endswith("pip install -r requirements-dev.txt\n")


def test_the_installed_command_synthesizes_a_file_of_ones_own(
    root: Path, configuration: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(json.dumps(configuration))
    program = Path(sys.executable).parent / "compute-plane"

    done = subprocess.run(
        [program, "permissions", "--config", str(file), "--account", ACCOUNT, "--format", "json"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == ["execution", "deployer", "left_out"]
    assert done.stderr == "Synthesizing test for its templates\n"
    assert "${AWS::AccountId}" not in done.stdout
