"""A chart's own values: its defaults with those of its subcharts, and the types its schema gives."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.chart_checks.archives import ChartArchive, charts_within
from compute_plane.chart_checks.paths import MISSING, Path, get, put
from compute_plane.chart_checks.yaml_text import load_yaml
from compute_plane.merge import merge

HIDDEN = "_internal_defaults_do_not_set"
"""Istio's charts keep their defaults under this key, and read them one level up."""
TYPES = {"integer": "number", "array": "list", "object": "map", "null": "any"}


def default_values(archive: ChartArchive) -> Mapping[str, Any]:
    """Defaults as Helm sees them: what a chart says of its subchart goes before what the subchart says."""
    found: dict[str, Any] = {}
    for path, folder in reversed(charts_within(archive)):
        own = load_yaml(archive.files.get(f"{folder}values.yaml", b"{}")) or {}
        own = merge(own.get(HIDDEN) or {}, {key: value for key, value in own.items() if key != HIDDEN})
        below = get(found, path) if path else found
        merged = merge(below, own) if isinstance(below, dict) else own
        found = put(found, path, merged) if path else merged
    return found


def schema_types(archive: ChartArchive) -> Mapping[Path, frozenset[str]]:
    """The types that the chart's schema gives to keys; nothing for a chart without one."""
    text = archive.files.get("values.schema.json")
    if text is None:
        return {}
    schema = json.loads(text)
    return dict(_types(schema, schema, (), 0))


def type_of(value: Any) -> str:
    """The type of a default. An empty text and null say nothing: they stand for "not set"."""
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string" if value else "any"
        case list():
            return "list"
        case dict():
            return "map"
        case _:
            return "any"


def _types(schema: Any, root: Any, path: Path, depth: int) -> Iterator[tuple[Path, frozenset[str]]]:
    schema = _resolved(schema, root)
    if not isinstance(schema, dict) or depth > 12:
        return
    given = schema.get("type")
    if path:
        names = given if isinstance(given, list) else [given] if given else ["any"]
        yield path, frozenset(TYPES.get(name, name) for name in names)
    for key, below in (schema.get("properties") or {}).items():
        if key != HIDDEN or path:
            yield from _types(below, root, (*path, key), depth + 1)
        else:
            yield from _types(below, root, (), depth + 1)


def _resolved(schema: Any, root: Any) -> Any:
    for _ in range(8):
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#"):
            break
        found = get(root, tuple(reference.removeprefix("#/").split("/")))
        schema = {} if found is MISSING else found
    return schema
