"""The lock file of Helm charts: which archive of which repository each add-on installs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Chart:
    """One locked chart. `digest` is the archive's published SHA-256, or None where no published one is known."""

    repository: str
    chart: str
    version: str
    app_version: str
    digest: str | None


def load_charts(path: Path) -> Mapping[str, Chart]:
    """Read `charts.lock.yaml`.

    With a chart repository CDK's handler pulls by name and version only: the digest guards archives that come
    any other way (the rehearsal's cache, assets).
    """
    return {name: Chart(**row) for name, row in YAML(typ="safe").load(path.read_text())["charts"].items()}
