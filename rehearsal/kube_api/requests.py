"""What came over the wire and what goes back, without the wire: requests, their targets, answers."""

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from rehearsal.kube_api import protobuf
from rehearsal.kube_api.catalogue import Catalogue, Resource
from rehearsal.kube_api.errors import bad_request


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict[str, str])
    content_type: str = "application/json"
    accept: str = ""
    user_agent: str = ""
    body: bytes = b""

    def flag(self, name: str) -> bool:
        return self.query.get(name) in ("1", "true")

    def content(self) -> Any:
        """The decoded body: JSON, YAML, or protobuf as Go's typed clients send it; {} for none."""
        if not self.body:
            return {}
        if self.body.startswith(protobuf.MAGIC):
            return protobuf.decode(self.body)
        try:
            if self.body.lstrip()[:1] in (b"{", b"["):
                return json.loads(self.body)
            return yaml.safe_load(self.body)
        except (ValueError, yaml.YAMLError) as error:
            raise bad_request(f"the body of the request cannot be read: {error}") from error

    def object(self) -> dict[str, Any]:
        content = self.content()
        if not isinstance(content, dict):
            raise bad_request(f"the body must hold one object, not {type(content).__name__}")
        return content


@dataclass(frozen=True)
class Answer:
    body: dict[str, Any] | bytes
    code: int = 200
    content_type: str = "application/json"
    warnings: list[str] = field(default_factory=list[str])

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Target:
    """The resource, and the object or the part of it, that a path names."""

    resource: Resource
    namespace: str
    name: str
    subresource: str


def target(catalogue: Catalogue, path: str) -> Target | None:
    """What a path below `/api` or `/apis` names; None if nothing is served there."""
    prefix, *parts = path.strip("/").split("/")
    depth = {"api": 1, "apis": 2}.get(prefix, 0)
    if not depth or len(parts) <= depth:
        return None
    group_version, rest = "/".join(parts[:depth]), parts[depth:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and catalogue.find(group_version, rest[2]):
        namespace, rest = rest[1], rest[2:]
    resource = catalogue.find(group_version, rest[0])
    if resource is None or len(rest) > 3 or (namespace and not resource.namespaced):
        return None
    name, subresource = [*rest[1:], "", ""][:2]
    return Target(resource, namespace, name, subresource)
