"""A small client of the API server, for what the rehearsal itself writes and reads there."""

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

Object = dict[str, Any]
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
MANAGER = "rehearsal"
# The server's word for a kind that has just been defined.
TOO_EARLY = 429
# Events come and go by themselves, and are nobody's left-over.
UNLISTED = ("events", "componentstatuses")


class ApiRefusal(Exception):
    """The API server said no; `code` is HTTP's."""

    def __init__(self, method: str, path: str, code: int, message: str) -> None:
        super().__init__(f"{method} {path}: {code} {message}")
        self.code, self.message = code, message


class Client:
    """One connection a request: it is used by several threads, and seldom."""

    def __init__(self, url: str, authority: bytes, token: str, seconds: float = 30) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 443
        self._context = ssl.create_default_context(cadata=authority.decode())
        self._token, self._seconds = token, seconds

    def get(self, path: str, accept: str = "application/json") -> Object:
        return self.request("GET", path, headers={"Accept": accept})

    def found(self, path: str) -> Object | None:
        """The object or list at a path, or None if there is no such thing, or no such kind."""
        try:
            return self.get(path)
        except ApiRefusal as refusal:
            if refusal.code != 404:
                raise
            return None

    def apply(self, path: str, value: Mapping[str, Any]) -> Object:
        """Server-side apply; the path names the object."""
        query = urlencode({"fieldManager": MANAGER, "force": "true"})
        return self.request("PATCH", f"{path}?{query}", value, {"Content-Type": "application/apply-patch+yaml"})

    def create(self, path: str, value: Mapping[str, Any]) -> Object:
        return self.request("POST", path, value, {"Content-Type": "application/json"})

    def delete(self, path: str) -> None:
        """Delete what may already be gone."""
        try:
            self.request("DELETE", path)
        except ApiRefusal as refusal:
            if refusal.code != 404:
                raise

    def listed(self, path: str) -> list[Object]:
        """The items of a list, each with its kind and version; none if there is no such kind."""
        answer = self.found(path) or {"items": []}
        kind, version = answer.get("kind", ""), answer.get("apiVersion", "")
        return [{"kind": kind.removesuffix("List"), "apiVersion": version, **item} for item in answer["items"] or []]

    def everything(self) -> list[Object]:
        """Every object of every kind, once."""
        return [item for path in self._collections() for item in self.listed(path)]

    def _collections(self) -> Iterator[str]:
        """The path of each kind's list, in the version that the server prefers."""
        seen: set[tuple[str, str]] = set()
        for prefix in ("/api", "/apis"):
            for group in self.get(prefix, DISCOVERY)["items"]:
                name = group["metadata"].get("name", "")
                for version in group["versions"]:
                    base = f"{prefix}/{name}/{version['version']}".replace("//", "/")
                    for resource in version.get("resources") or []:
                        plural = resource["resource"]
                        if "list" in resource["verbs"] and plural not in UNLISTED and (name, plural) not in seen:
                            seen.add((name, plural))
                            yield f"{base}/{plural}"

    def request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Object:
        """The JSON answer. Raises ApiRefusal for an answer of 400 and up, OSError if there is no server."""
        deadline = time.monotonic() + self._seconds
        while True:
            code, raw = self._send(method, path, body, headers)
            if code != TOO_EARLY or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        if code >= 400:
            raise ApiRefusal(method, path, code, _message(raw))
        return json.loads(raw) if raw.startswith(b"{") else {}

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None
    ) -> tuple[int, bytes]:
        connection = HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._context)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Authorization": f"Bearer {self._token}", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _message(raw: bytes) -> str:
    try:
        return str(json.loads(raw)["message"])
    except (ValueError, KeyError, TypeError):
        return raw.decode(errors="replace")[:500]
