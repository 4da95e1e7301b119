"""A chart of our own that does what charts do, packed as an archive."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from compute_plane.chart_checks.archives import ChartArchive, read_archive
from compute_plane.chart_checks.facts import ChartFacts
from compute_plane.chart_checks.helm import Helm
from compute_plane.chart_checks.recording import record
from rehearsal.charts.archives import pack

DEMO = Path(__file__).parent / "demo"


@pytest.fixture(scope="session")
def packed() -> Callable[..., bytes]:
    """The demo chart with some files changed; None leaves a file out."""

    def make(changed: Mapping[str, str | None] | None = None) -> bytes:
        files = {str(path.relative_to(DEMO)): path.read_text() for path in DEMO.rglob("*.yaml")}
        kept = {name: text.encode() for name, text in {**files, **(changed or {})}.items() if text is not None}
        return pack("demo", kept)

    return make


@pytest.fixture(scope="session")
def demo(packed: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> ChartArchive:
    """The demo chart."""
    path = tmp_path_factory.mktemp("demo") / "demo-1.2.3.tgz"
    path.write_bytes(packed())
    return read_archive(path)


@pytest.fixture(scope="session")
def facts(demo: ChartArchive, helm: Helm) -> ChartFacts:
    """The facts of the demo chart, found once."""
    return record(demo, helm, [{}])


@pytest.fixture(scope="session")
def helm() -> Helm:
    """The Helm that installs charts on Kubernetes 1.35."""
    return Helm.of_kubernetes("1.35")
