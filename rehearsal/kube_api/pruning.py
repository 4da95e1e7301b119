"""What a structural schema does to a custom resource before it checks it: prune and add defaults."""

import copy
from collections.abc import Iterator
from typing import Any

from rehearsal.kube_api.schemas import Schema, join

ALWAYS_KNOWN = frozenset({"apiVersion", "kind", "metadata"})


def unknown_fields(value: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """Paths that the schema does not declare."""
    for name, child, child_schema in _children(value, schema):
        at = join(path, name) if not name.startswith("[") else path + name
        if not path and name in ALWAYS_KNOWN:
            continue
        if child_schema is None:
            yield at
        else:
            yield from unknown_fields(child, child_schema, at)


def prune(value: Any, schema: Schema, *, root: bool = True) -> None:
    """Drop, in place, what the schema does not declare."""
    for name, child, child_schema in list(_children(value, schema)):
        if root and name in ALWAYS_KNOWN:
            continue
        if child_schema is None:
            del value[name]
        else:
            prune(child, child_schema, root=False)


def fill_defaults(value: Any, schema: Schema) -> None:
    """Add, in place, the defaults that the schema declares; null counts as absent unless allowed."""
    if isinstance(value, dict):
        for name, child_schema in schema.get("properties", {}).items():
            absent = name not in value or (value[name] is None and not child_schema.get("nullable"))
            if "default" in child_schema and absent:
                value[name] = copy.deepcopy(child_schema["default"])
    for _, child, child_schema in _children(value, schema):
        if child_schema:
            fill_defaults(child, child_schema)


def _children(value: Any, schema: Schema) -> Iterator[tuple[str, Any, Schema | None]]:
    """Name, value and schema of each child; the schema is None where the child is not declared."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield f"[{index}]", item, schema.get("items", {"x-kubernetes-preserve-unknown-fields": True})
    elif isinstance(value, dict):
        properties, additional = schema.get("properties", {}), schema.get("additionalProperties")
        open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or additional is True
        embedded = ALWAYS_KNOWN if schema.get("x-kubernetes-embedded-resource") else frozenset[str]()
        anything: Schema = {"x-kubernetes-preserve-unknown-fields": True}
        for name, child in value.items():
            known = properties.get(name) or (additional if isinstance(additional, dict) else None)
            yield name, child, known or (anything if open_ended or name in embedded else None)
