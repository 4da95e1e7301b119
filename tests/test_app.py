"""The application's front door: what a deployer who made a mistake reads, and that the real CLI opens it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import cloud_assembly_schema

Raw = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]

READABLE = cloud_assembly_schema.Manifest.version()


@pytest.fixture
def run(root: Path, tmp_path: Path) -> Run:
    """A process of the application's own environment, which knows no AWS account."""

    def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        programs = f"{Path(sys.executable).parent}:{root / 'node_modules/.bin'}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_DEFAULT_"))}
        offline = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
        return subprocess.run(
            command,
            cwd=root,
            env=kept | {"PATH": programs, "CDK_OUTDIR": str(tmp_path / "cdk.out")} | offline | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return start


@pytest.fixture
def app(run: Run) -> Run:
    """`python app.py` with context and variables, as a CLI starts it."""

    def start(context: Raw, **variables: str) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "app.py", CDK_CONTEXT_JSON=json.dumps(context), **variables)

    return start


def test_an_environment_that_does_not_exist_is_answered_with_those_that_do(app: Run) -> None:
    done = app({"env": "nope"})

    assert done.returncode == 2
    assert "no environment 'nope'; expected one of [" in done.stderr
    assert "'dev'" in done.stderr
    assert "Traceback" not in done.stderr


def test_credentials_for_another_account_are_refused(app: Run, configuration: Raw, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(json.dumps(configuration | {"account": "111122223333"}))

    done = app({"config": str(file)}, CDK_DEFAULT_ACCOUNT="444455556666")

    assert done.returncode == 2
    assert (
        done.stderr == "this environment belongs to account 111122223333, but the credentials are for 444455556666.\n"
    )


@pytest.mark.parametrize(("cli", "reads"), [("2.100.0", "40.0.0"), ("3.0.0", READABLE)])
def test_a_cli_that_cannot_deploy_the_application_gets_one_sentence(cli: str, reads: str, app: Run) -> None:
    done = app({}, CDK_CLI_VERSION=cli, CDK_CLI_ASM_VERSION=reads)

    assert done.returncode == 2
    assert done.stderr.startswith(f"the CDK CLI {cli} does not fit")
    assert done.stderr.count("\n") == 1


def test_a_file_of_ones_own_is_synthesized_for_the_deployers_account(
    app: Run, configuration: Raw, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(json.dumps(configuration))

    done = app({"config": str(file)}, CDK_DEFAULT_ACCOUNT="444455556666")

    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "cdk.out/manifest.json").read_text())
    assert manifest["artifacts"]["Network"]["environment"] == "aws://444455556666/eu-central-1"


def test_the_cli_synthesizes_dev_when_no_environment_is_named(run: Run, tmp_path: Path) -> None:
    done = run("cdk", "list", "--output", str(tmp_path / "cdk.out"))

    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"Network", "Cluster", "Data", "Addons"}
    manifest = json.loads((tmp_path / "cdk.out/manifest.json").read_text())
    assert manifest["artifacts"]["Network"]["properties"]["stackName"] == "cp-euc1-dev-network"


def test_the_cli_shows_the_message_and_no_traceback(run: Run) -> None:
    done = run("cdk", "synth", "-c", "env=nope")

    assert done.returncode == 1
    assert "no environment 'nope'; expected one of [" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
