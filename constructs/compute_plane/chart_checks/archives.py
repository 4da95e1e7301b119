"""Chart archives at hand: their files, what they say about themselves, and their digests."""

import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compute_plane.chart_checks.yaml_text import load_yaml
from compute_plane.errors import UserError


@dataclass(frozen=True)
class ChartArchive:
    """One archive on disk. `files` are its texts by path below the chart's own folder."""

    path: Path
    digest: str
    metadata: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        return str(self.metadata["name"])

    @property
    def version(self) -> str:
        return str(self.metadata["version"])


def digest_of(data: bytes) -> str:
    """The digest as the lock file writes it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_archive(path: Path) -> ChartArchive:
    """The archive in a file; an error of the user's names a file that is none."""
    data = path.read_bytes()
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
            members = {m.name: content.read() for m in tar if m.isfile() and (content := tar.extractfile(m))}
    except (tarfile.TarError, OSError) as error:
        raise UserError(f"{path}: no chart archive: {error}") from error
    [*own] = (name for name in members if name.count("/") == 1 and name.endswith("/Chart.yaml"))
    metadata = load_yaml(members[own[0]]) if len(own) == 1 else None
    if not isinstance(metadata, dict) or not {"name", "version"} <= metadata.keys():
        raise UserError(f"{path}: no chart archive: expected one <chart>/Chart.yaml with a name and a version")
    folder = own[0].removesuffix("Chart.yaml")
    files = {name.removeprefix(folder): content for name, content in members.items() if name.startswith(folder)}
    return ChartArchive(path, digest_of(data), metadata, files)


def archives_in(folder: Path) -> Mapping[tuple[str, str], ChartArchive]:
    """The archives of a folder by name and version. Two of the same name and version are refused if they differ."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; expected one with chart archives (*.tgz)")
    found: dict[tuple[str, str], ChartArchive] = {}
    for path in sorted(folder.glob("*.tgz")):
        archive = read_archive(path)
        other = found.setdefault((archive.name, archive.version), archive)
        if other.digest != archive.digest:
            raise UserError(f"{path}: {archive.name} {archive.version} is in {other.path.name} too, with other content")
    return found


def charts_within(archive: ChartArchive) -> Sequence[tuple[tuple[str, ...], str]]:
    """The chart itself and its subcharts: the path of each one's values, and the folder of its files."""
    return list(_within(archive, (), "", archive.metadata))


def _within(
    archive: ChartArchive, path: tuple[str, ...], folder: str, metadata: Mapping[str, Any]
) -> Sequence[tuple[tuple[str, ...], str]]:
    found = [(path, folder)]
    for dependency in metadata.get("dependencies") or []:
        below = f"{folder}charts/{dependency['name']}/"
        if f"{below}Chart.yaml" in archive.files:
            key = str(dependency.get("alias") or dependency["name"])
            found += _within(archive, (*path, key), below, load_yaml(archive.files[f"{below}Chart.yaml"]))
    return found
