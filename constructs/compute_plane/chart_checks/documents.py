"""Rendered manifests: as objects, and as a set of places in which two renders differ."""

import json
import re
from collections.abc import Iterator
from typing import Any

from compute_plane.chart_checks.paths import leaves
from compute_plane.chart_checks.yaml_text import load_yaml

DEFINITION = "CustomResourceDefinition"
Object = dict[str, Any]
Place = tuple[str, ...]
_SEPARATOR = re.compile(r"^---[ \t]*(?:#.*)?$", re.MULTILINE)


def objects(rendered: str) -> Iterator[Object]:
    """Every object; those of a List one by one."""
    for text in texts(rendered):
        yield from _objects(text)


def texts(rendered: str) -> list[str]:
    """The documents as text, without empty ones."""
    return [text for text in _SEPARATOR.split(rendered) if text.strip()]


def difference(one: str, other: str) -> set[Place]:
    """Places (object, then path of keys) that differ. Only documents whose text differs are parsed."""
    first, second = set(texts(one)), set(texts(other))
    before, after = _places(first - second), _places(second - first)
    return {
        place for place in before.keys() | after.keys() if before.get(place, Ellipsis) != after.get(place, Ellipsis)
    }


def _objects(text: str) -> Iterator[Object]:
    content = load_yaml(text)
    if isinstance(content, dict) and str(content.get("kind", "")).endswith("List") and "items" in content:
        yield from content["items"] or []
    elif isinstance(content, dict):
        yield content


def _places(documents: set[str]) -> dict[Place, Any]:
    found: dict[Place, Any] = {}
    for text in documents:
        for each in _objects(text):
            metadata = each.get("metadata") or {}
            name: Place = (str(each.get("kind")), str(metadata.get("namespace", "")), str(metadata.get("name")))
            if each.get("kind") == DEFINITION:
                # Thousands of places that no template looks into; another Helm may fold its lines in another way.
                found[name] = json.dumps(each, sort_keys=True)
            else:
                # Kubernetes takes null for nothing, and Helm 4.2 leaves it out.
                found |= {(*name, *path): value for path, value in leaves(_keyed(each)) if value is not None}
    return found


def _keyed(value: Any) -> Any:
    """Lists as maps by index, so that one changed item is one place."""
    match value:
        case dict():
            return {key: _keyed(item) for key, item in value.items()}
        case list():
            return {str(index): _keyed(item) for index, item in enumerate(value)}
        case _:
            return value
