"""Chart archives: what one says about itself, and archives that come out the same every time."""

import gzip
import hashlib
import io
import tarfile
from dataclasses import dataclass
from typing import Any, Literal

import yaml

DigestState = Literal["digest equal", "digest different", "digest unknown", "stand-in"]
CrdState = Literal["real", "permissive", "none"]


@dataclass(frozen=True)
class Archive:
    """A chart as it is served, and where it comes from."""

    name: str
    version: str
    data: bytes
    origin: str
    digest_state: DigestState
    crds: CrdState

    @property
    def digest(self) -> str:
        return digest(self.data)


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def chart_metadata(data: bytes) -> dict[str, Any]:
    """The chart's own Chart.yaml, not a subchart's."""
    for name, content in _files(data):
        if name.count("/") == 1 and name.endswith("/Chart.yaml"):
            metadata = yaml.safe_load(content)
            if isinstance(metadata, dict) and {"name", "version"} <= metadata.keys():
                return metadata
            raise ValueError(f"{name} lacks a name or a version")
    raise ValueError("the archive holds no <chart>/Chart.yaml")


def carries_crds(data: bytes) -> bool:
    """Whether any file of the archive defines a custom resource."""
    return any(b"kind: CustomResourceDefinition" in content for _, content in _files(data))


def _files(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
            return [(m.name, file.read()) for m in tar if m.isfile() and (file := tar.extractfile(m))]
    except (tarfile.TarError, OSError) as error:
        raise ValueError(f"not a chart archive: {error}") from error


def pack(chart: str, files: dict[str, bytes]) -> bytes:
    """An archive of files below a folder named like the chart, without times or owners."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for path in sorted(files):
            member = tarfile.TarInfo(f"{chart}/{path}")
            member.size, member.mode = len(files[path]), 0o644
            tar.addfile(member, io.BytesIO(files[path]))
    return packed.getvalue()
