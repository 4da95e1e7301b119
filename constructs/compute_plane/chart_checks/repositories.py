"""Asks chart repositories for archives, the way Helm does: an index over HTTP, or an OCI registry's manifest."""

import json
import re
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, build_opener

from compute_plane.chart_checks.yaml_text import load_yaml
from compute_plane.charts import Chart

SECONDS = 30
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


class RepositoryError(Exception):
    """A repository that cannot be asked, or that has no such chart."""


@dataclass(frozen=True)
class Published:
    """What a repository says of a chart version, and the archive that it serves."""

    digest: str | None
    data: bytes


def published(chart: Chart) -> Published:
    """The archive of a chart version, fetched from its repository."""
    return _from_registry(chart) if chart.repository.startswith("oci://") else _from_index(chart)


def _from_index(chart: Chart) -> Published:
    address = f"{chart.repository.rstrip('/')}/index.yaml"
    try:
        entries = load_yaml(_get(address))["entries"][chart.chart]
        [entry] = [each for each in entries if each["version"] == chart.version]
    except (ValueError, KeyError, TypeError) as error:
        raise RepositoryError(f"{address}: no {chart.chart} {chart.version} there") from error
    digest = entry.get("digest")
    return Published(f"sha256:{digest}" if digest else None, _get(urljoin(address, entry["urls"][0])))


def _from_registry(chart: Chart) -> Published:
    parts = urlsplit(chart.repository)
    place = f"https://{parts.netloc}/v2/{parts.path.strip('/')}"
    # A tag may hold no plus sign.
    address = f"{place}/manifests/{chart.version.replace('+', '_')}"
    headers = {"Accept": MANIFEST}
    try:
        manifest = json.loads(_get(address, headers))
        [layer] = [each["digest"] for each in manifest["layers"] if each["mediaType"] == LAYER]
    except (ValueError, KeyError, TypeError) as error:
        raise RepositoryError(f"{address}: no Helm chart there") from error
    return Published(str(layer), _get(f"{place}/blobs/{layer}"))


def _get(address: str, headers: dict[str, str] | None = None) -> bytes:
    """The body; a registry's demand for a token is met once, as an anonymous user."""
    try:
        return _fetch(address, headers)
    except HTTPError as error:
        challenge = error.headers.get("WWW-Authenticate", "")
        if error.code != 401 or not challenge.lower().startswith("bearer "):
            raise RepositoryError(f"{address}: {error.code} {error.reason}") from error
    try:
        return _fetch(address, headers, _token(challenge))
    except HTTPError as error:
        raise RepositoryError(f"{address}: {error.code} {error.reason}") from error


def _token(challenge: str) -> str:
    asked = dict(_CHALLENGE.findall(challenge))
    query = urlencode({key: asked[key] for key in ("service", "scope") if key in asked})
    answer = json.loads(_fetch(f"{asked['realm']}?{query}"))
    return str(answer.get("token") or answer["access_token"])


def _fetch(address: str, headers: dict[str, str] | None = None, token: str | None = None) -> bytes:
    if urlsplit(address).scheme not in ("http", "https"):
        raise RepositoryError(f"{address}: expected http:// or https://")
    request = Request(address, headers=headers or {})
    if token:
        # For the registry, not for the store that it sends us on to.
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        # An opener of its own: the shared one remembers the proxies of its first use.
        with build_opener().open(request, timeout=SECONDS) as response:
            return response.read()
    except HTTPError:
        raise
    except (URLError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise RepositoryError(f"{address}: cannot be reached: {reason}") from error
