"""`compute-plane charts` lists, verifies, checks and records."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import compute_plane.cli.environments as environments
from compute_plane.chart_checks.archives import digest_of
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import load
from rehearsal.charts.archives import pack

DEPLOYMENT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: ours}
data: {cluster: "{{ .Values.settings.clusterName }}", queue: "{{ .Values.settings.interruptionQueue }}"}
"""


def karpenter(version: str = "1.14.1") -> bytes:
    """A chart of the name and version that the lock file has."""
    chart = f"apiVersion: v2\nname: karpenter\nversion: {version}\n"
    values = "settings: {clusterName: x, interruptionQueue: ''}\n"
    files = {"Chart.yaml": chart, "values.yaml": values, "templates/config.yaml": DEPLOYMENT}
    return pack("karpenter", {name: text.encode() for name, text in files.items()})


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """A folder with one archive."""
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / "karpenter-1.14.1.tgz").write_bytes(karpenter())
    return folder


@pytest.fixture
def charts(
    command: Callable[..., Any], synthesize: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """The command, with the assemblies that all tests share."""

    def copied(file: Path, output: Path, account: str | None = None) -> EnvironmentConfig:
        shutil.copytree(synthesize(file.read_text()), output, dirs_exist_ok=True)
        return load(file)

    monkeypatch.setattr(environments, "synthesize", copied)
    return lambda *arguments: command("charts", *arguments)


@pytest.fixture
def broken(root: Path, tmp_path: Path) -> Path:
    """The dev environment with two keys that Karpenter's chart does not take so."""
    text = (root / "config" / "dev.yaml").read_text()
    changed = text.replace(
        "  karpenter: {}\n",
        "  karpenter: {values: {settings: {clusterNmae: x}, serviceMonitor: {enabled: 'no'}}}\n",
    )
    assert changed != text
    file = tmp_path / "broken.yaml"
    file.write_text(changed)
    return file


def test_the_list_is_the_lock_file(charts: Callable[..., Any]) -> None:
    done = charts("list")

    assert done.code == 0
    rows = {line.split()[0]: line.split() for line in done.out.splitlines()}
    assert rows["karpenter"][1:4] == ["karpenter", "1.14.1", "1.14.1"]
    assert rows["NAME"] == ["NAME", "CHART", "VERSION", "APP", "DIGEST", "FACTS", "REPOSITORY"]


def test_a_digest_that_differs_is_shown_and_ends_with_1(charts: Callable[..., Any], archives: Path) -> None:
    keda = b"apiVersion: v2\nname: keda\nversion: 2.20.2\n"
    other = pack("keda", {"Chart.yaml": keda})
    (archives / "keda.tgz").write_bytes(other)

    unknown = charts("verify", "karpenter", "karpenter-crd", "--charts", str(archives))
    different = charts("verify", "keda", "--charts", str(archives))

    assert unknown.code == 0
    assert f"unknown  {digest_of(karpenter())} from " in unknown.out
    assert "karpenter-crd  1.14.1   -        no archive at hand" in unknown.out
    assert different.code == 1
    assert f"different  {digest_of(other)} from " in different.out


def test_wrong_keys_are_named_with_their_place_and_end_with_1(charts: Callable[..., Any], broken: Path) -> None:
    done = charts("check", "--config", str(broken))

    assert done.code == 1
    assert (
        "karpenter (karpenter 1.14.1): settings.clusterNmae: the chart has no such key; the nearest it has is "
        "settings.clusterName [broken.yaml: addons.karpenter.values.settings.clusterNmae]\n"
    ) in done.out
    assert "serviceMonitor.enabled: expected boolean; got string [broken.yaml: addons.karpenter." in done.out
    assert done.out.endswith("checked by recorded facts.\nErrors: 2.\n")


def test_a_right_environment_ends_with_0(charts: Callable[..., Any]) -> None:
    done = charts("check", "--env", "dev")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Charts: 0 rendered, ")
    assert done.out.endswith("Errors: 0.\n")


def test_facts_are_written_for_the_archives_at_hand(
    charts: Callable[..., Any], command: Callable[..., Any], archives: Path, root: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "repository"
    copy.mkdir()
    for name in ("app.py", "cdk.json", "charts.lock.yaml"):
        shutil.copy(root / name, copy)
    (copy / "config").mkdir()
    shutil.copy(root / "config" / "dev.yaml", copy / "config")

    done = command("charts", "record", "--charts", str(archives), folder=copy)

    assert done.code == 0, done.err
    assert done.out == "charts/facts/karpenter-1.14.1.json: digest unknown\n"
    facts = json.loads((copy / "charts/facts/karpenter-1.14.1.json").read_text())
    assert facts["keys"] == {"settings": {"clusterName": "string", "interruptionQueue": "any"}}
    assert facts["kinds"] == {"ConfigMap": 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify", "karpentr"), "charts.lock.yaml has no chart 'karpentr'; expected some of ["),
        (("verify", "--charts", "/nowhere"), "/nowhere: no such folder; expected one with chart archives (*.tgz)"),
        (("record", "keda", "--charts", "ARCHIVES"), "no archive of a chart in the lock file"),
        (
            ("record", "--charts", "ARCHIVES", "--kubernetes", "1.20"),
            "no kubectl layer serves Kubernetes 1.20; expected",
        ),
        (("check",), "say which environment: --env NAME"),
    ],
)
def test_a_mistake_is_one_message(
    arguments: tuple[str, ...], words: str, charts: Callable[..., Any], archives: Path
) -> None:
    done = charts(*(str(archives) if each == "ARCHIVES" else each for each in arguments))

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
