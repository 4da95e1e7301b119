"""The one place that decides where a chart's content comes from."""

import threading
from pathlib import Path

from rehearsal.charts.archives import Archive, DigestState, carries_crds, chart_metadata, digest
from rehearsal.charts.lock import Entry, read_lock
from rehearsal.charts.standin import stand_in


class ChartSource:
    """Content in order of trust: archives that the user gives, verified downloads, then stand-ins.

    A given archive is used even if its digest is not the lock's; `Archive.digest_state` says so. A download
    is used only if its digest is the lock's.
    """

    def __init__(self, lock: Path, archives: Path | None, cache: Path | None, crds: Path | None) -> None:
        self.entries = read_lock(lock)
        self._archives = archives
        self._cache = cache
        self._crds = crds
        self._found: dict[str, Archive] = {}
        self._given: list[tuple[str, str, Path]] | None = None
        self._lock = threading.Lock()

    def find(self, chart: str, version: str) -> Archive:
        """The archive of a locked chart; a chart or version that is not locked is a LookupError."""
        for entry in self.entries.values():
            if (entry.chart, entry.version) == (chart, version):
                return self.archive(entry)
        known = sorted(f"{entry.chart} {entry.version}" for entry in self.entries.values())
        raise LookupError(f"no chart {chart} {version} in the lock file; expected one of {known}")

    def archive(self, entry: Entry) -> Archive:
        """The archive of a locked chart, decided once."""
        with self._lock:
            if entry.name not in self._found:
                self._found[entry.name] = (
                    self._from_archives(entry) or self._from_cache(entry) or stand_in(entry, self._crds)
                )
            return self._found[entry.name]

    def _from_archives(self, entry: Entry) -> Archive | None:
        matching = [path for name, version, path in self._index() if (name, version) == (entry.chart, entry.version)]
        candidates = [(path, path.read_bytes()) for path in matching]
        candidates.sort(key=lambda candidate: digest(candidate[1]) != entry.digest)
        for path, data in candidates:
            state: DigestState = "digest equal" if digest(data) == entry.digest else "digest different"
            return _real(entry, data, f"archive {path}", "digest unknown" if entry.digest is None else state)
        return None

    def _from_cache(self, entry: Entry) -> Archive | None:
        if self._cache is None or entry.digest is None:
            return None
        for path in sorted(self._cache.glob("*.tgz")):
            data = path.read_bytes()
            if digest(data) == entry.digest:
                return _real(entry, data, f"cache {path}", "digest equal")
        return None

    def _index(self) -> list[tuple[str, str, Path]]:
        """Name, version and path of every archive given, read once."""
        if self._given is None:
            self._given = []
            for path in sorted(self._archives.glob("*.tgz")) if self._archives else []:
                try:
                    metadata = chart_metadata(path.read_bytes())
                except ValueError as error:
                    raise ValueError(f"{path}: {error}") from error
                self._given.append((str(metadata["name"]), str(metadata["version"]), path))
        return self._given


def _real(entry: Entry, data: bytes, origin: str, state: DigestState) -> Archive:
    crds = "real" if carries_crds(data) else "none"
    return Archive(entry.chart, entry.version, data, origin, state, crds)
