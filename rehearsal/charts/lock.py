"""Reads `charts.lock.yaml`: which charts there are, where they come from and what their archives hash to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

FIELDS = {"repository", "chart", "version", "app_version", "digest"}
# What another version of a chart says for itself.
OWN = {"version", "app_version", "digest"}


@dataclass(frozen=True)
class Entry:
    """One locked chart."""

    name: str
    repository: str
    chart: str
    version: str
    app_version: str
    digest: str | None

    @property
    def is_oci(self) -> bool:
        return self.repository.startswith("oci://")

    @property
    def host(self) -> str:
        return urlsplit(self.repository).netloc

    @property
    def path(self) -> str:
        """The repository's path on its host, without slashes at its ends."""
        return urlsplit(self.repository).path.strip("/")


def read_lock(lock: Path) -> dict[str, Entry]:
    """The entries by name, other versions of a chart as `<name>-<version>`; a file of another form is refused."""
    document = yaml.safe_load(lock.read_text())
    charts = document.get("charts") if isinstance(document, dict) else None
    if not isinstance(charts, dict):
        raise ValueError(f"{lock}: expected a mapping `charts` of chart names")
    return {entry.name: entry for name, values in charts.items() for entry in _versions(lock, str(name), values)}


def _versions(lock: Path, name: str, values: Any) -> list[Entry]:
    """The entry of a chart and of each of its `others`."""
    own = {key: value for key, value in values.items() if key != "others"} if isinstance(values, dict) else values
    first = _entry(lock, name, own)
    others = values.get("others", [])
    for other in others:
        if not isinstance(other, dict) or set(other) != OWN:
            raise ValueError(f"{lock}: {name}: others: {other!r}; expected a mapping of {sorted(OWN)}")
    return [first, *(_entry(lock, f"{name}-{other['version']}", own | other) for other in others)]


def _entry(lock: Path, name: str, values: Any) -> Entry:
    found: set[Any] = set(values) if isinstance(values, dict) else set()
    if found != FIELDS:
        raise ValueError(f"{lock}: {name} has the keys {sorted(found)}; expected {sorted(FIELDS)}")
    digest = values["digest"]
    texts = {field: str(values[field]) for field in FIELDS - {"digest"}}
    entry = Entry(name=name, digest=None if digest is None else str(digest), **texts)
    if urlsplit(entry.repository).scheme not in ("https", "oci"):
        raise ValueError(f"{lock}: {name}: repository {entry.repository!r}; expected https:// or oci://")
    if entry.digest is not None and not entry.digest.startswith("sha256:"):
        raise ValueError(f"{lock}: {name}: digest {entry.digest!r}; expected null or 'sha256:…'")
    return entry
