"""A chart as an OCI registry holds it: a manifest that names a configuration and one layer, the archive."""

import json
from dataclasses import dataclass
from functools import cached_property

from rehearsal.charts.archives import Archive, chart_metadata, digest

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.cncf.helm.config.v1+json"
LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


@dataclass(frozen=True)
class Blob:
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        return digest(self.data)

    @property
    def descriptor(self) -> dict[str, object]:
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.data)}


class OciChart:
    """The three blobs of one archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @property
    def tag(self) -> str:
        """The version as a tag, which may hold no plus sign."""
        return self._archive.version.replace("+", "_")

    @cached_property
    def _blobs(self) -> list[Blob]:
        metadata = json.dumps(chart_metadata(self._archive.data), default=str).encode()
        configuration, layer = Blob(CONFIGURATION, metadata), Blob(LAYER, self._archive.data)
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": configuration.descriptor,
            "layers": [layer.descriptor],
        }
        return [Blob(MANIFEST, json.dumps(manifest).encode()), configuration, layer]

    def manifest(self, reference: str) -> Blob | None:
        """The manifest, if the reference is its tag or digest."""
        manifest = self._blobs[0]
        return manifest if reference in (self.tag, manifest.digest) else None

    def blob(self, reference: str) -> Blob | None:
        return next((blob for blob in self._blobs if blob.digest == reference), None)
