"""What is wrong with the options of `compute-plane permissions` is one message, before anything slow."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import compute_plane.cli.environments as environments
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import load

ACCOUNT = "111122223333"


@pytest.fixture
def refused(command: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The message to these options; synthesizing would fail the test."""
    monkeypatch.setattr(environments, "synthesize", None)

    def run(*options: str) -> str:
        done = command("permissions", "--env", "dev", *options)
        assert done.code == 2
        assert done.out == ""
        return done.err.strip()

    return run


def test_an_account_has_twelve_digits(refused: Callable[..., str]) -> None:
    assert refused("--account", "12") == "--account 12: an AWS account id has 12 digits"


def test_a_comparison_writes_no_policies(refused: Callable[..., str], tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text("{}")

    message = refused("--compare", str(policy), "--output", str(tmp_path))

    assert message == "--output goes with printing policies, not with --compare"


def test_a_missing_policy_is_said_by_name(refused: Callable[..., str], tmp_path: Path) -> None:
    assert refused("--compare", str(tmp_path / "gone.json")) == f"no such file: {tmp_path / 'gone.json'}"


@pytest.fixture
def written(
    command: Callable[..., Any], synthesize: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], Any]:
    """The command that writes dev's policies into a folder."""

    def copied(file: Path, output: Path, account: str | None = None) -> EnvironmentConfig:
        shutil.copytree(synthesize("dev", account=account), output, dirs_exist_ok=True)
        return load(file)

    monkeypatch.setattr(environments, "synthesize", copied)
    return lambda folder: command("permissions", "--env", "dev", "--account", ACCOUNT, "--output", str(folder))


def test_a_policy_that_is_needed_no_more_goes_and_another_clusters_stays(
    written: Callable[[Path], Any], tmp_path: Path
) -> None:
    for name in ("cp-euc1-dev-execution-99.json", "cp-euc1-prod-execution-1.json"):
        (tmp_path / name).write_text("{}")

    done = written(tmp_path)

    assert done.code == 0
    files = {file.name for file in tmp_path.iterdir()}
    assert "cp-euc1-dev-execution-99.json" not in files
    assert {"cp-euc1-dev-execution-1.json", "cp-euc1-prod-execution-1.json"} <= files


def test_a_folder_that_cannot_be_made_is_said(written: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = written(tmp_path / "file" / "folder")

    assert done.code == 2
    assert done.err.startswith(f"--output {tmp_path / 'file' / 'folder'}: Not a directory: ")
