"""Compares archives with the digests of the lock file, wherever the archives come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from compute_plane.chart_checks.archives import ChartArchive, digest_of
from compute_plane.chart_checks.locked import LockedChart
from compute_plane.chart_checks.repositories import RepositoryError, published

State = Literal["equal", "different", "unknown", "unreachable"]
BAD: tuple[State, ...] = ("different", "unreachable")


@dataclass(frozen=True)
class Verified:
    """One chart version: how its archive relates to the lock, and what was seen."""

    locked: LockedChart
    state: State
    detail: str


def verify_archive(locked: LockedChart, archive: ChartArchive) -> Verified:
    """An archive that is at hand."""
    return _compared(locked, archive.digest, str(archive.path))


def verify_published(locked: LockedChart, save: Path | None) -> Verified:
    """The archive that the repository serves; one that may be used is kept in the folder."""
    try:
        found = published(locked.chart)
    except RepositoryError as error:
        return Verified(locked, "unreachable", str(error))
    digest = digest_of(found.data)
    if found.digest not in (None, digest):
        return Verified(locked, "different", f"{digest} was served where the repository says {found.digest}")
    verified = _compared(locked, digest, locked.chart.repository)
    if save and verified.state not in BAD:
        save.mkdir(parents=True, exist_ok=True)
        (save / f"{locked.chart.chart}-{locked.chart.version}.tgz").write_bytes(found.data)
    return verified


def verify(
    locked: LockedChart, archives: Mapping[tuple[str, str], ChartArchive] | None, save: Path | None
) -> Verified | None:
    """From the archives where there are some, else from the repository; None for an archive that is not at hand."""
    if archives is None:
        return verify_published(locked, save)
    archive = archives.get(locked.key)
    return verify_archive(locked, archive) if archive else None


def _compared(locked: LockedChart, digest: str, source: str) -> Verified:
    match locked.digest_state(digest):
        case "equal":
            return Verified(locked, "equal", source)
        case "unknown":
            return Verified(locked, "unknown", f"{digest} from {source}; the lock file has none")
        case _:
            return Verified(locked, "different", f"{digest} from {source}; the lock file has {locked.chart.digest}")
