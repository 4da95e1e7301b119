"""Where the control plane's programs come from, and what is said when they are not there."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rehearsal.cli import app
from rehearsal.kubernetes import modules
from rehearsal.kubernetes.programs import NAMES, NoControlPlane, Programs, find

ROOT = Path(__file__).parents[3]


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """A folder with a program of each name; the API server says that it is 1.34.2."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text("#!/bin/sh\necho Kubernetes v1.34.2\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("variable", ["KUBERNETES_BIN", "KUBEBUILDER_ASSETS"])
def test_a_folder_that_is_named_is_used(variable: str, complete: Path) -> None:
    found = find({variable: str(complete)})

    assert found.folder == complete
    assert found.version() == "1.34.2"


def test_our_own_variable_counts_first(complete: Path) -> None:
    assert find({"KUBERNETES_BIN": str(complete), "KUBEBUILDER_ASSETS": "/nowhere"}).folder == complete


def test_a_folder_without_a_program_is_refused_and_says_which(complete: Path) -> None:
    (complete / "kwok").unlink()

    with pytest.raises(NoControlPlane, match=re.escape(f"KUBEBUILDER_ASSETS={complete} has no kwok; a control plane")):
        find({"KUBEBUILDER_ASSETS": str(complete)})


def test_without_a_build_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoControlPlane, match="run `make kubernetes` once"):
        find({"XDG_CACHE_HOME": str(tmp_path)})


def test_a_program_that_does_not_say_its_version_is_refused(complete: Path) -> None:
    (complete / "kube-apiserver").write_text("#!/bin/sh\necho hello\n")

    with pytest.raises(NoControlPlane, match="does not say its version"):
        Programs(complete).version()


def test_the_command_refuses_another_version_than_the_environments(
    complete: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBERNETES_BIN", str(complete))

    result = CliRunner().invoke(app, ["dev", "--kubernetes", "control-plane"])

    assert result.exit_code == 2
    assert "is Kubernetes 1.34.2, and the environment wants 1.35" in " ".join(result.stderr.split())


def test_the_command_names_the_two_choices() -> None:
    result = CliRunner().invoke(app, ["dev", "--kubernetes", "k3s"])

    assert result.exit_code == 2
    assert "embedded" in result.stderr
    assert "control-plane" in result.stderr


def test_the_modules_pin_one_patch_release_of_the_default_version() -> None:
    version = modules.kubernetes_version()
    staging = re.findall(
        r"^\s*k8s\.io/\S+ => k8s\.io/\S+ v(\S+)$", (modules.CONTROL_PLANE / "go.mod").read_text(), re.M
    )

    assert version.startswith("1.35.")
    assert len(staging) >= 30
    assert set(staging) == {f"0.{version.removeprefix('1.')}"}
    assert modules.language_version() >= (1, 26)


def test_a_build_is_kept_outside_the_checkout_by_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = modules.cache_folder({"XDG_CACHE_HOME": str(tmp_path)})
    changed = tmp_path / "main.go"
    changed.write_text("package main\n")
    monkeypatch.setattr(modules, "SOURCES", (changed,))
    after = modules.cache_folder({"XDG_CACHE_HOME": str(tmp_path)})

    assert before.parent == after.parent == tmp_path / "compute-plane" / "kubernetes"
    assert before.name.startswith(f"{modules.kubernetes_version()}-")
    assert after != before
    assert ROOT not in modules.cache_root({}).parents


def test_a_dependency_that_is_not_pinned_is_named() -> None:
    with pytest.raises(LookupError, match=r"go\.mod pins no example\.test/none"):
        modules.pinned(modules.KWOK, "example.test/none")
