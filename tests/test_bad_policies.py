"""What a deployer reads who has broken a policy document: one error with file, Sid and cure, and nothing to deploy."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Raw = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]

SOURCES = ("app.py", "cdk.json", "charts.lock.yaml", "constructs", "stacks")
WITHOUT = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def copy(root: Path, tmp_path: Path, configuration: Raw) -> Path:
    """The application's sources in a folder of their own, with a small environment, for a test to break."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=WITHOUT)
        else:
            shutil.copy(root / name, folder / name)
    (folder / "mine.yaml").write_text(json.dumps(configuration))
    return folder


@pytest.fixture
def policy(copy: Path) -> Callable[[str], Path]:
    """A policy document of the copy."""
    return lambda name: copy / f"constructs/compute_plane/iam/policies/{name}.json"


@pytest.fixture
def run(root: Path, copy: Path, tmp_path: Path) -> Run:
    """A process in the copy, which imports the copy's package and knows no AWS account."""

    def start(*command: str) -> subprocess.CompletedProcess[str]:
        programs = f"{Path(sys.executable).parent}:{root / 'node_modules/.bin'}:{os.environ['PATH']}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_DEFAULT_"))}
        own = {
            "PATH": programs,
            "PYTHONPATH": str(copy / "constructs"),
            "CDK_OUTDIR": str(tmp_path / "out"),
            "CDK_CONTEXT_JSON": json.dumps(
                json.loads((copy / "cdk.json").read_text())["context"] | {"config": "mine.yaml"}
            ),
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": str(tmp_path),
        }
        return subprocess.run(command, cwd=copy, env=kept | own, capture_output=True, text=True, timeout=120)

    return start


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new))


def test_a_document_that_cannot_be_filled_ends_the_application_with_one_line(
    run: Run, policy: Callable[[str], Path], tmp_path: Path
) -> None:
    replace(policy("flow-logs"), "${LogGroupArn}", "${LogGroup}")

    done = run(sys.executable, "app.py")

    assert done.returncode == 2
    assert done.stderr == (
        "flow-logs.json, Sid DeliverFlowLogs: no value for ${LogGroup}; allowed are "
        "AWS::AccountId, AWS::Partition, AWS::Region, AWS::URLSuffix, LogGroupArn\n"
    )
    assert not (tmp_path / "out/manifest.json").exists()


def test_the_cli_shows_the_error_of_a_document_and_synthesizes_nothing(
    run: Run, policy: Callable[[str], Path], copy: Path
) -> None:
    replace(policy("flow-logs"), '"Effect": "Allow",', '"Effect": "Allow"')

    done = run("cdk", "synth", "-q", "-c", "config=mine.yaml", "--output", "out")

    assert done.returncode == 1
    assert "flow-logs.json: no JSON: Expecting ',' delimiter at line 7, column 7" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (copy / "out/manifest.json").exists()


def test_the_cli_names_what_the_rules_refuse_of_documents_and_of_code(
    run: Run, policy: Callable[[str], Path], copy: Path
) -> None:
    replace(policy("trust-flow-logs"), '"Service": "vpc-flow-logs.amazonaws.com"', '"AWS": "*"')
    access = copy / "constructs/compute_plane/cluster/access.py"
    replace(access, "in config.admins:", 'in [*config.admins, "Someone"]:')

    done = run("cdk", "synth", "-q", "--no-validation", "-c", "config=mine.yaml", "--output", "out")

    assert done.returncode == 1
    assert "No open trust or resource policy, but: Principal::*. In trust-flow-logs.json: " in done.stderr
    assert "Suggested fix: Name roles of this account, or a service" in done.stderr
    assert "Network/Network/FlowLogs/Role" in done.stderr
    assert "Cluster administrators are named principals, but: Principal::" in done.stderr
    assert "Cluster/Cluster/Access/Someone" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
