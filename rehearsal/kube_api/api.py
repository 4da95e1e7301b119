"""The embedded Kubernetes API: what a rehearsal starts, asks and stops."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.kube_api.catalogue import Catalogue
from rehearsal.kube_api.certificates import loopback_certificate
from rehearsal.kube_api.deletion import Deletion
from rehearsal.kube_api.discovery import discover
from rehearsal.kube_api.errors import no_such_path
from rehearsal.kube_api.initial import initial_objects
from rehearsal.kube_api.openapi import openapi, openapi_v2
from rehearsal.kube_api.operations import Operations
from rehearsal.kube_api.refusals import Refusals
from rehearsal.kube_api.requests import Answer, Request, target
from rehearsal.kube_api.server import Audit, Server
from rehearsal.kube_api.store import Store
from rehearsal.kube_api.watches import Watch
from rehearsal.kube_api.writes import WriteOptions, Writes

VERSION = re.compile(r"1\.(\d+)")


class KubernetesApi:
    """An in-memory Kubernetes API that real helm and kubectl work against.

    Objects are stored, patched, watched and garbage-collected; custom resources are held to their schemas.
    Nothing is scheduled or run: workloads are declared ready the moment they are written. CEL rules, unknown
    fields of built-in kinds, admission webhooks, aggregated APIs and RBAC are not enforced.
    """

    def __init__(self, version: str = "1.35") -> None:
        self.version = version
        self._minor = _minor(version)
        self.refusals = Refusals()
        self.audit: Audit = []
        self._store = Store()
        self._catalogue = Catalogue()
        deletion = Deletion(self._store, self._catalogue)
        writes = Writes(self._store, self._catalogue, self.refusals, deletion)
        self._operations = Operations(self._store, self._catalogue, writes, deletion)
        for group_version, plural, value in initial_objects():
            resource = self._catalogue.find(group_version, plural)
            assert resource is not None, f"{plural} of {group_version} are built in"
            writes.create(resource, "", value, WriteOptions(manager="eks"))
        certificate, context = loopback_certificate()
        self.certificate_authority = base64.b64encode(certificate).decode()
        self._server = Server(context, self._answer, self._store, self.audit)
        self.url = self._server.url
        self.token = "rehearsal"

    def objects(self) -> list[dict[str, Any]]:
        """Copies of everything stored."""
        return self._store.all()

    def upgrade(self, version: str) -> None:
        """Answer as a later version of Kubernetes; a control plane does not go back."""
        minor = _minor(version)
        if minor < self._minor:
            raise ValueError(f"cannot go back from Kubernetes {self.version} to {version}")
        self.version, self._minor = version, minor

    def put_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        """Access entries and node groups change nothing here: every token is the administrator's, and nothing runs."""

    def remove_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        """As for `put_member`."""

    def stop(self) -> None:
        """End every watch and free the port."""
        self._server.stop()

    def _answer(self, request: Request) -> Answer | Watch:
        match request.path:
            case "/version":
                return Answer(self._version())
            case "/healthz" | "/livez" | "/readyz":
                return Answer({"status": "ok"})
            case "/openapi/v2":
                return openapi_v2()
            case path if path.startswith("/openapi/v3"):
                return openapi(self._catalogue, path)
            case path if target(self._catalogue, path):
                return self._operations.answer(request)
            case path if path.startswith("/api") and request.method == "GET":
                return discover(self._catalogue, request)
            case _:
                raise no_such_path()

    def _version(self) -> dict[str, str]:
        return {
            "major": "1",
            "minor": str(self._minor),
            "gitVersion": f"v1.{self._minor}.0-eks-rehearsal",
            "gitCommit": "rehearsal",
            "gitTreeState": "clean",
            "platform": "linux/amd64",
        }


def _minor(version: str) -> int:
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"no Kubernetes version {version!r}; expected one like '1.35'")
    return int(found[1])
