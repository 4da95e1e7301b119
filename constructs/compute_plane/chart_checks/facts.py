"""What the repository keeps of each chart version: facts to check values by where the archive is not at hand."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path("charts") / "facts"
Source = Literal["archive", "defaults"]


@dataclass(frozen=True)
class ChartFacts:
    """One chart version. No text of the chart: names of keys, types, kinds and images.

    `digest` is that of the archive that was looked at; it equals the lock file's where that is the published one.
    """

    chart: str
    version: str
    source: Source
    digest: str
    kubernetes: str
    """The versions that the chart allows, as Helm writes ranges; empty for all."""
    definitions: list[str]
    """Custom resource definitions that it installs."""
    kinds: Mapping[str, int]
    """Objects with the values of the plane's environments, the most of each kind."""
    images: list[str]
    keys: Mapping[str, Any]


def facts_file(root: Path, name: str, version: str) -> Path:
    """Where the facts of a chart lie, by its name in the lock file."""
    return root / FOLDER / f"{name}-{version}.json"


def read_facts(root: Path, name: str, version: str) -> ChartFacts | None:
    """The recorded facts, or None where nothing is recorded."""
    file = facts_file(root, name, version)
    return ChartFacts(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None


def write_facts(root: Path, name: str, facts: ChartFacts) -> Path:
    """Write them with one key a line, so that a new version's difference can be read."""
    file = facts_file(root, name, facts.version)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {**asdict(facts), "keys": _sorted(facts.keys)}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _sorted(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _sorted(below) if isinstance(below, Mapping) else below for key, below in sorted(tree.items())}
