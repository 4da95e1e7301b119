"""Paths of keys in Helm values: the ways to walk, cut and change nested maps without touching the original."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Path = tuple[str, ...]
MISSING = object()


def leaves(values: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no filled map; a list is one value."""
    if isinstance(values, dict) and values:
        for key, value in values.items():
            yield from leaves(value, (*path, str(key)))
    elif path:
        yield path, values


def maps(values: Any, path: Path = ()) -> Iterator[Path]:
    """Every filled map, the outermost with an empty path."""
    if isinstance(values, dict) and values:
        yield path
        for key, value in values.items():
            yield from maps(value, (*path, str(key)))


def get(values: Any, path: Path) -> Any:
    """What lies at a path, or MISSING."""
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return MISSING
        values = values[key]
    return values


def put(values: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy with this value there; whatever is in the way and no map gives way."""
    copy: dict[str, Any] = deepcopy(dict(values))
    place = copy
    for key in path[:-1]:
        if not isinstance(place.get(key), dict):
            place[key] = {}
        place = place[key]
    place[path[-1]] = value
    return copy


def drop(values: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy without this key, and without the maps that it leaves empty."""
    if len(path) == 1:
        return {key: value for key, value in values.items() if key != path[0]}
    below = drop(values[path[0]], path[1:])
    return {key: (below if key == path[0] else value) for key, value in values.items() if key != path[0] or below}


def dotted(path: Path) -> str:
    """The path as people write it; a key with a dot in it is quoted."""
    return ".".join(f'"{key}"' if "." in key or not key else key for key in path)


def mutations(value: Any) -> list[Any]:
    """Values of the same type that a template cannot mistake for this one."""
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [f"{value}x1" if value else "x1"]
        case list():
            return [value[:-1], [*value, *value[-1:]]] if value else [["x1"], [{"x1": "x1"}]]
        case dict():
            return [{**value, "x1": "x1"}]
        case _:
            return ["x1", 1, {"x1": "x1"}]
