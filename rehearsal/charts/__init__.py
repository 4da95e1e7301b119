"""Where a chart's content comes from in a rehearsal, and the proxy that answers for chart hosts."""

from rehearsal.charts.archives import Archive
from rehearsal.charts.mirror import ChartMirror
from rehearsal.charts.source import ChartSource

__all__ = ["Archive", "ChartMirror", "ChartSource"]
