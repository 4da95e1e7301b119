"""What the CloudFormation registry says about a resource type, from the schemas that ship inside cfn-lint."""

from functools import lru_cache
from typing import Any

Path = tuple[str, ...]
ANY = "*"


def values_at(value: Any, path: Path) -> list[Any]:
    """All values at a path; `*` stands for every element of a list."""
    if not path:
        return [value]
    head, rest = path[0], path[1:]
    if head == ANY:
        return [found for element in value for found in values_at(element, rest)] if isinstance(value, list) else []
    if isinstance(value, dict) and head in value:
        return values_at(value[head], rest)
    return []


def value_at(value: Any, path: Path) -> Any:
    """The value at a path without `*`, or None."""
    found = values_at(value, path)
    return found[0] if found else None


class Registry:
    """The registry of one region; every look-up is cached."""

    def __init__(self, region: str) -> None:
        from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

        self._region = region
        self._manager = PROVIDER_SCHEMA_MANAGER
        self.schema = lru_cache(maxsize=None)(self._schema)
        self.paths = lru_cache(maxsize=None)(self._paths)

    def _schema(self, resource_type: str) -> dict[str, Any]:
        from cfnlint.schema._exceptions import ResourceNotFoundError

        try:
            return self._manager.get_resource_schema(self._region, resource_type).schema
        except ResourceNotFoundError:
            return {}

    def _paths(self, resource_type: str, field: str) -> tuple[Path, ...]:
        pointers: list[str] = self.schema(resource_type).get(field, [])
        return tuple(tuple(pointer.removeprefix("/properties/").split("/")) for pointer in pointers)

    def known(self, resource_type: str) -> bool:
        """Whether the region offers the type; custom resources always exist."""
        return bool(self.schema(resource_type))

    def identifier(self, resource_type: str) -> tuple[Path, ...]:
        return self.paths(resource_type, "primaryIdentifier")

    def read_only(self, resource_type: str) -> tuple[Path, ...]:
        """What GetAtt offers and nobody can set."""
        return self.paths(resource_type, "readOnlyProperties")

    def required(self, resource_type: str) -> list[str]:
        return list(self.schema(resource_type).get("required", []))

    def permitted(self, resource_type: str) -> set[str] | None:
        """The top-level properties, or None where others are allowed too."""
        schema = self.schema(resource_type)
        return None if schema.get("additionalProperties", True) else set(schema.get("properties", {}))

    def name_property(self, resource_type: str) -> str | None:
        """The property that gives the resource a name of the user's choice, if the type has one."""
        kind = resource_type.split("::")[-1]
        candidates = {path[0] for path in self.paths(resource_type, "createOnlyProperties") if len(path) == 1}
        for name in (f"{kind}Name", "Name", "GroupName", f"{kind}Identifier"):
            if name in candidates:
                return name
        identifier = self.identifier(resource_type)
        if len(identifier) == 1 and len(identifier[0]) == 1 and identifier[0] not in self.read_only(resource_type):
            return identifier[0][0]
        return None

    def replaced_by(self, resource_type: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
        """The create-only properties that differ: changing one means another physical resource."""
        paths = self.paths(resource_type, "createOnlyProperties")
        return [".".join(path) for path in paths if values_at(old, path) != values_at(new, path)]

    def perhaps_replaced_by(self, resource_type: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
        """The properties that differ and replace the resource under conditions that the schema does not tell."""
        paths = self.paths(resource_type, "conditionalCreateOnlyProperties")
        return [".".join(path) for path in paths if values_at(old, path) != values_at(new, path)]

    def attribute_schema(self, resource_type: str, path: Path) -> dict[str, Any]:
        """The JSON schema of one attribute, definitions followed."""
        root = self.schema(resource_type)
        node: dict[str, Any] = root
        for part in path:
            node = self._follow(root, node)
            node = node.get("items", {}) if part == ANY else node.get("properties", {}).get(part, {})
        return self._follow(root, node)

    @staticmethod
    def _follow(root: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: dict[str, Any] = root
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node
