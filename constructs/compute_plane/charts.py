"""The lock file of Helm charts: which archive of which repository each add-on installs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LOCK = Path(__file__).parents[2] / "charts.lock.yaml"


@dataclass(frozen=True)
class Chart:
    """One locked chart. `digest` is the archive's published SHA-256, or None where no published one is known."""

    repository: str
    chart: str
    version: str
    app_version: str
    digest: str | None
    others: tuple["Chart", ...] = ()
    """The same chart in other versions, which `addons.<name>.version` may choose."""

    @property
    def versions(self) -> list[str]:
        """Every locked version, the one that is installed by default first."""
        return [self.version, *(other.version for other in self.others)]

    def at(self, version: str | None) -> "Chart":
        """The chart in one of its locked versions; the default one without a version."""
        for chart in (self, *self.others):
            if version in (None, chart.version):
                return chart
        raise ValueError(
            f"chart {self.chart} has no version {version} in the lock file; expected one of {self.versions}"
        )


def load_charts(path: Path) -> Mapping[str, Chart]:
    """Read `charts.lock.yaml`.

    With a chart repository CDK's handler pulls by name and version only: the digest guards archives that come
    any other way (the rehearsal's cache, assets).
    """
    return {name: _chart(row) for name, row in YAML(typ="safe").load(path.read_text())["charts"].items()}


def _chart(row: Mapping[str, Any]) -> Chart:
    """A chart's own row is its default version; `others` says of each other one what differs."""
    first = Chart(**{key: value for key, value in row.items() if key != "others"})
    return replace(first, others=tuple(replace(first, **other) for other in row.get("others", [])))
