"""What a host answers, without the wire: chart repositories and OCI registries out of one chart source."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rehearsal.charts.archives import Archive, chart_metadata
from rehearsal.charts.lock import Entry
from rehearsal.charts.oci import OciChart
from rehearsal.charts.source import ChartSource

Serve = Callable[[Archive], None]


@dataclass(frozen=True)
class Answer:
    code: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])


class Repositories:
    """Every chart host at once; `serve` is told of each archive that goes out."""

    def __init__(self, source: ChartSource, serve: Serve) -> None:
        self._source = source
        self._serve = serve

    def answer(self, host: str, target: str, *, authorized: bool) -> Answer:
        """The answer to a GET or HEAD; whatever is not a locked chart is not found."""
        path = urlsplit(target).path.strip("/")
        if path == "token":
            return _json(200, {"token": "rehearsal", "access_token": "rehearsal", "expires_in": 3600})
        if path == "v2" or path.startswith("v2/"):
            if not authorized:
                challenge = f'Bearer realm="https://{host}/token/",service="{host}"'
                return _refusal(401, "UNAUTHORIZED", f"{host}/{path}", {"WWW-Authenticate": challenge})
            return _json(200, {}) if path == "v2" else self._registry(host, path.removeprefix("v2/"))
        return self._repository(host, path)

    def _repository(self, host: str, path: str) -> Answer:
        folder, _, name = path.rpartition("/")
        entries = [e for e in self._source.entries.values() if not e.is_oci and (e.host, e.path) == (host, folder)]
        if entries and name == "index.yaml":
            return _index([(entry, self._source.archive(entry)) for entry in entries])
        for entry in entries:
            if name == _file_name(entry):
                archive = self._source.archive(entry)
                self._serve(archive)
                return Answer(200, "application/gzip", archive.data)
        return _not_found(host, path)

    def _registry(self, host: str, path: str) -> Answer:
        repository, kind, reference = (path.rsplit("/", 2) + ["", ""])[:3]
        for entry in self._source.entries.values():
            if not entry.is_oci or (entry.host, entry.path) != (host, repository):
                continue
            archive = self._source.archive(entry)
            chart = OciChart(archive)
            if (kind, reference) == ("tags", "list"):
                return _json(200, {"name": repository, "tags": [chart.tag]})
            blob = chart.manifest(reference) if kind == "manifests" else chart.blob(reference)
            if kind in ("manifests", "blobs") and blob:
                if blob.data == archive.data:
                    self._serve(archive)
                return Answer(200, blob.media_type, blob.data, {"Docker-Content-Digest": blob.digest})
        return _not_found(host, f"v2/{path}")


def _file_name(entry: Entry) -> str:
    return f"{entry.chart}-{entry.version}.tgz"


def _index(charts: list[tuple[Entry, Archive]]) -> Answer:
    """An index.yaml, written as JSON, which is YAML too."""
    entries: dict[str, list[object]] = {}
    for entry, archive in charts:
        hexadecimal = archive.digest.removeprefix("sha256:")
        row = {**chart_metadata(archive.data), "urls": [_file_name(entry)], "digest": hexadecimal}
        entries.setdefault(entry.chart, []).append(row)
    body = json.dumps({"apiVersion": "v1", "entries": entries}, default=str)
    return Answer(200, "text/yaml", body.encode())


def _json(code: int, body: object) -> Answer:
    return Answer(code, "application/json", json.dumps(body).encode())


def _refusal(code: int, name: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    body = json.dumps({"errors": [{"code": name, "message": message}]})
    return Answer(code, "application/json", body.encode(), headers or {})


def _not_found(host: str, path: str) -> Answer:
    return _refusal(404, "NOT_FOUND", f"the rehearsal has nothing at {host}/{path}: not in charts.lock.yaml")
