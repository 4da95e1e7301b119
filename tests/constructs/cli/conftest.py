"""Runs commands in this process, in the repository's folder or another."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from compute_plane.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """`compute-plane` with arguments; `folder` is the current one, the repository unless said."""

    def run(*arguments: str, folder: Path = root) -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["compute-plane", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        written = capsys.readouterr()
        return Done(int(left.value.code or 0), written.out, written.err)

    return run
