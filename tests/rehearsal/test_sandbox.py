import os
from pathlib import Path

import pytest

from rehearsal.sandbox import NotLoopback, Sandbox, SandboxInUse, loopback


@pytest.mark.parametrize("url", ["http://localhost:5000", "http://127.0.0.1:1", "https://127.9.9.9:6443/x"])
def test_this_machine_is_accepted(url: str) -> None:
    assert loopback(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://cloudformation.eu-central-1.amazonaws.com",
        "http://10.0.0.1:5000",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "localhost:5000",
        "",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(NotLoopback, match="this machine only"):
        loopback(url)


def test_no_process_sees_anything_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "secret", "KUBECONFIG": "/mine"}.items():
        monkeypatch.setenv(name, value)
    sandbox = Sandbox.fresh(tmp_path, "dev")

    environment = sandbox.environment(endpoint="http://localhost:1", region="eu-central-1")

    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & (environment.keys() | sandbox.inherited().keys())
    inside = ("HOME", "TMPDIR", "KUBECONFIG", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    assert all(environment[name].startswith(str(tmp_path)) for name in inside)
    assert environment["PATH"] == os.environ["PATH"]


def test_two_rehearsals_of_one_environment_do_not_meet(tmp_path: Path) -> None:
    first = Sandbox.fresh(tmp_path, "dev")

    with pytest.raises(SandboxInUse, match="another rehearsal of dev"):
        Sandbox.fresh(tmp_path, "dev")
    other = Sandbox.fresh(tmp_path, "prod")

    assert first.state.is_dir() and other.state.is_dir()


def test_a_rehearsal_starts_from_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "build" / "rehearsal" / "dev" / "state").mkdir(parents=True)
    (tmp_path / "build" / "rehearsal" / "dev" / "state" / "old").touch()

    sandbox = Sandbox.fresh(tmp_path, "dev")

    assert list(sandbox.state.iterdir()) == []
