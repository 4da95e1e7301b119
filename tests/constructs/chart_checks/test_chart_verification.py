"""Archives are compared with the lock file, from a folder or from repositories; here those are on this machine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compute_plane.chart_checks.archives import archives_in, digest_of
from compute_plane.chart_checks.locked import LockedChart, locked_charts
from compute_plane.chart_checks.verification import verify, verify_published
from compute_plane.charts import Chart
from compute_plane.errors import UserError
from rehearsal.charts import ChartMirror, ChartSource

LOCK = """\
charts:
  demo: &demo
    repository: https://charts.example.com/stable
    chart: demo
    version: 1.2.3
    app_version: 4.5.6
    digest: {digest}
  demo-registry:
    <<: *demo
    repository: oci://registry.example.com/ours/demo
"""


@pytest.fixture
def chart(packed: Callable[..., bytes]) -> Chart:
    """The demo chart as the lock file has it."""
    return Chart("https://charts.example.com/stable", "demo", "1.2.3", "4.5.6", digest_of(packed()))


@pytest.fixture
def repositories(
    packed: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Makes both repositories serve an archive, over TLS; every other host is unreachable."""
    mirrors: list[ChartMirror] = []

    def serve(data: bytes) -> None:
        archives = tmp_path / "served"
        archives.mkdir()
        (archives / "demo.tgz").write_bytes(data)
        lock = tmp_path / "served.yaml"
        lock.write_text(LOCK.format(digest="null"))
        mirrors.append(ChartMirror(ChartSource(lock, archives, None, None), tmp_path / "state"))
        for name, value in mirrors[-1].environment.items():
            monkeypatch.setenv(name, value)

    yield serve
    for mirror in mirrors:
        mirror.stop()


@pytest.fixture(params=["https://charts.example.com/stable", "oci://registry.example.com/ours/demo"])
def locked(request: pytest.FixtureRequest, chart: Chart) -> LockedChart:
    """The demo chart of a repository of each kind."""
    return LockedChart("demo", replace(chart, repository=request.param))


def test_the_published_archive_is_fetched_compared_and_kept(
    locked: LockedChart, repositories: Callable[..., None], packed: Callable[..., bytes], tmp_path: Path
) -> None:
    repositories(packed())

    verified = verify_published(locked, tmp_path / "kept")

    assert (verified.state, verified.detail) == ("equal", locked.chart.repository)
    assert (tmp_path / "kept" / "demo-1.2.3.tgz").read_bytes() == packed()


def test_another_archive_is_refused_and_not_kept(
    locked: LockedChart, repositories: Callable[..., None], packed: Callable[..., bytes], tmp_path: Path
) -> None:
    other = packed({"values.yaml": "{}"})
    repositories(other)

    verified = verify_published(locked, tmp_path / "kept")

    assert verified.state == "different"
    assert digest_of(other) in verified.detail
    assert f"the lock file has {locked.chart.digest}" in verified.detail
    assert not (tmp_path / "kept").exists()


def test_without_a_digest_in_the_lock_file_the_one_to_write_there_is_said(
    locked: LockedChart, repositories: Callable[..., None], packed: Callable[..., bytes], tmp_path: Path
) -> None:
    repositories(packed())

    verified = verify_published(LockedChart("demo", replace(locked.chart, digest=None)), None)

    assert verified.state == "unknown"
    assert verified.detail.startswith(f"{digest_of(packed())} from ")


def test_a_version_that_is_not_published_is_said(
    locked: LockedChart, repositories: Callable[..., None], packed: Callable[..., bytes]
) -> None:
    repositories(packed())

    verified = verify_published(LockedChart("demo", replace(locked.chart, version="9.9.9")), None)

    assert verified.state == "unreachable"
    assert "9.9.9" in verified.detail


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("http://127.0.0.1:1/stable", "http://127.0.0.1:1/stable/index.yaml: cannot be reached: "),
        ("ftp://127.0.0.1/stable", "expected http:// or https://"),
    ],
)
def test_a_repository_that_does_not_answer_is_unreachable(repository: str, words: str, chart: Chart) -> None:
    verified = verify_published(LockedChart("demo", replace(chart, repository=repository)), None)

    assert verified.state == "unreachable"
    assert words in verified.detail


def test_archives_at_hand_are_compared_without_a_network(
    chart: Chart, packed: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "demo.tgz").write_bytes(packed())
    archives = archives_in(tmp_path)
    charts = [chart, replace(chart, digest="sha256:0"), replace(chart, digest=None), replace(chart, version="2.0.0")]

    found = [verify(LockedChart("demo", each), archives, None) for each in charts]

    assert [each and each.state for each in found] == ["equal", "different", "unknown", None]


def test_every_version_of_the_lock_file_has_its_turn(root: Path) -> None:
    everything = locked_charts(root)

    assert {each.name for each in locked_charts(root, ["keda"])} == {"keda"}
    assert len({each.key for each in everything}) == len(everything) > 11
    with pytest.raises(UserError, match=r"charts\.lock\.yaml has no chart 'kedda'; expected some of \["):
        locked_charts(root, ["kedda"])
