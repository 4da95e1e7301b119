"""The lock file, one version of a chart after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compute_plane.chart_checks.archives import ChartArchive
from compute_plane.charts import Chart, load_charts
from compute_plane.errors import UserError


@dataclass(frozen=True)
class LockedChart:
    """One version of a chart, by its name in the lock file."""

    name: str
    chart: Chart

    @property
    def key(self) -> tuple[str, str]:
        """By what archives and releases know it: the chart's own name, and the version."""
        return self.chart.chart, self.chart.version

    def digest_state(self, digest: str) -> str:
        """How the digest of an archive relates to the published one."""
        if self.chart.digest is None:
            return "unknown"
        return "equal" if self.chart.digest == digest else "different"


def locked_charts(root: Path, names: Sequence[str] = ()) -> list[LockedChart]:
    """Every locked version of all charts, or of the named ones."""
    charts = load_charts(root / "charts.lock.yaml")
    if unknown := [name for name in names if name not in charts]:
        raise UserError(f"charts.lock.yaml has no chart {unknown[0]!r}; expected some of {list(charts)}")
    return [
        LockedChart(name, version)
        for name, chart in charts.items()
        if not names or name in names
        for version in (chart, *chart.others)
    ]


def at_hand(
    locked: Sequence[LockedChart], archives: Mapping[tuple[str, str], ChartArchive]
) -> list[tuple[LockedChart, ChartArchive]]:
    """The locked charts whose archives are there."""
    return [(each, archives[each.key]) for each in locked if each.key in archives]
