"""Gives a new resource its name, physical id, attributes and the keys that must be unique."""

import re
import string
import uuid
from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation.inventory import Key
from rehearsal.cloudformation.providers.attributes import ATTRIBUTES
from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.identifiers import LONGEST, LOWER_CASE, NAME_SCOPES, PHYSICAL_IDS
from rehearsal.cloudformation.schemas import Path, Registry, value_at
from rehearsal.place import Place

SUFFIX_LETTERS = string.ascii_uppercase + string.digits


class Identity:
    """Identifiers that look like AWS's and follow from the resource's token alone."""

    def __init__(self, place: Place, registry: Registry) -> None:
        self._place, self._registry = place, registry

    def keys(self, request: Request) -> set[Key]:
        """The explicit names and identifiers that nothing else of the type may have."""
        keys: set[Key] = set()
        paths = self._registry.identifier(request.type)
        values = [value_at(request.properties, path) for path in paths]
        if values and None not in values:
            keys.add((request.type, *map(str, values)))
        name = self.explicit_name(request)
        if name is not None:
            scope = value_at(request.properties, (NAME_SCOPES.get(request.type, ""),))
            keys.add((request.type, *([str(scope)] if scope else []), name))
        return keys

    def explicit_name(self, request: Request) -> str | None:
        """The name that the template asks for."""
        name_property = self._registry.name_property(request.type)
        value = request.properties.get(name_property) if name_property else None
        return None if value is None else str(value)

    def name(self, request: Request) -> str:
        """The explicit name, or `<stack>-<logical id>-<suffix>` as CloudFormation makes it."""
        return self.explicit_name(request) or self.generated_name(request)

    def generated_name(self, request: Request) -> str:
        number = int(request.token[:24], 16)
        suffix = "".join(SUFFIX_LETTERS[(number >> (5 * index)) % 36] for index in range(12))
        longest = LONGEST.get(request.type, 128) - len(suffix) - 1
        prefix = f"{request.stack_name}-{request.logical_id}"
        if len(prefix) > longest:
            half = longest // 2
            prefix = f"{request.stack_name[:half]}-{request.logical_id}"[:longest]
        name = f"{prefix.rstrip('-')}-{suffix}"
        return name.lower() if request.type in LOWER_CASE else name

    def make(self, request: Request) -> Made:
        """The physical id and all the attributes of a new resource."""
        fields = self._fields(request)
        physical_id = self._physical_id(request, fields)
        fields["id"] = physical_id
        declared = ATTRIBUTES.get(request.type, {})
        attributes = {
            name: pattern.format_map(fields) if isinstance(pattern, str) else pattern
            for name, pattern in declared.items()
        }
        identifier = self._registry.identifier(request.type)
        for path in self._registry.read_only(request.type):
            name = ".".join(path)
            if "*" not in path and name not in attributes:
                alone = len(identifier) == 1 and path == identifier[0]
                attributes[name] = physical_id if alone else self._plausible(request.type, path, fields)
        return Made(physical_id, attributes)

    def _physical_id(self, request: Request, fields: Mapping[str, str]) -> str:
        if request.type in PHYSICAL_IDS:
            return PHYSICAL_IDS[request.type].format_map(fields)
        paths = self._registry.identifier(request.type)
        read_only = self._registry.read_only(request.type)
        parts: list[str] = []
        for path in paths:
            given = value_at(request.properties, path)
            if given is not None:
                parts.append(str(given))
            elif path in read_only:
                parts.append(str(self._plausible(request.type, path, {**fields, "id": fields["name"]})))
            else:
                parts.append(fields["name"])
        return "|".join(parts) or fields["name"]

    def _plausible(self, resource_type: str, path: Path, fields: Mapping[str, str]) -> Any:
        leaf = path[-1]
        schema = self._registry.attribute_schema(resource_type, path)
        kind = schema.get("type")
        _, service, noun = (*resource_type.lower().split("::"), "", "")[:3]
        if leaf.lower().endswith("arn"):
            return self._place.arn(service, f"{noun}/{fields['id']}")
        if kind in ("integer", "number"):
            return 1
        if kind == "boolean":
            return False
        if kind == "array":
            return [f"{noun}-{fields['hex17']}"]
        if kind == "object":
            return {}
        if leaf.endswith("Port"):
            return "443"
        if leaf.endswith("Id"):
            return f"{noun}-{fields['hex17']}"
        return re.sub(r"[^a-zA-Z0-9.-]+", "-", f"{fields['id']}-{leaf}").lower()

    def _fields(self, request: Request) -> dict[str, str]:
        token = request.token
        fields = _Fields({k: str(value) for k, value in request.properties.items() if isinstance(value, str | int)})
        fields.setdefault("LayerName", request.logical_id)
        fields.setdefault("Path", "/")
        fields["Url"] = fields["Url"].removeprefix("https://")
        fields.update({f"hex{size}": token[:size] for size in (6, 8, 12, 17, 32)})
        fields.update({f"HEX{size}": token[:size].upper() for size in (13, 17, 20, 26)})
        fields.update(
            {
                "account": self._place.account,
                "name": self.name(request),
                "octet": str(int(token[:4], 16) % 254 + 1),
                "partition": self._place.partition,
                "region": self._place.region,
                "url_suffix": self._place.url_suffix,
                "uuid": str(uuid.UUID(token[:32])),
            }
        )
        return fields


class _Fields(dict[str, str]):
    """A property that is not set is empty text in a pattern."""

    def __missing__(self, key: str) -> str:
        return ""
