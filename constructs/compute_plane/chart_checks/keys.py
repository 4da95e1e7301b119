"""The keys that a chart version takes, as a tree, and what is wrong with values by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from compute_plane.chart_checks.paths import Path, dotted

ANY, DEAD, MAP, LIST = "any", "dead", "map", "list"
OTHERS = "*"
"""In a tree: other keys get through too."""

KeyTree = Mapping[str, Any]
"""Types by key: `"string"`, `"list|map"`, `"map"` for a map of any content, `"dead"`, or the tree of a closed map."""


@dataclass(frozen=True)
class Wrong:
    """One key that the chart does not take, or not with this value."""

    path: Path
    reason: str
    is_unknown: bool = False

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.reason}"


def wrong_keys(tree: KeyTree, values: Mapping[str, Any]) -> list[Wrong]:
    """Everything wrong with values: unknown keys, keys without effect, values of another type."""
    return list(_wrong(tree, tree, values, ()))


def paths_of(tree: KeyTree, path: Path = ()) -> Iterator[Path]:
    """Every live key of a tree, maps included."""
    for key, below in tree.items():
        if key == OTHERS or below == DEAD:
            continue
        yield (*path, key)
        if isinstance(below, Mapping):
            yield from paths_of(below, (*path, key))


def nearest(tree: KeyTree, path: Path) -> Path | None:
    """The live key that is most like this one: of the same map, of the same name elsewhere, or of like spelling."""
    *place, name = path
    live = [each for each in paths_of(tree) if path[: len(each)] != each]
    beside = {each[-1]: each for each in live if list(each[:-1]) == place}
    if found := get_close_matches(name, beside, 1, 0.75):
        return beside[found[0]]
    whole = {".".join(each): each for each in live}
    same = [text for text, each in whole.items() if each[-1] == name]
    found = get_close_matches(".".join(path), same or whole, 1, 0.0 if same else 0.75)
    return whole[found[0]] if found else None


def _wrong(root: KeyTree, tree: KeyTree, values: Mapping[str, Any], path: Path) -> Iterator[Wrong]:
    for key, value in values.items():
        here = (*path, key)
        known = tree.get(key, ANY if OTHERS in tree else None)
        if known is None or known == DEAD:
            like = nearest(root, here)
            said = "no template reads this key" if known == DEAD else "the chart has no such key"
            said += f"; the nearest it has is {dotted(like)}" if like else ""
            yield Wrong(here, said, is_unknown=known is None)
        elif isinstance(known, Mapping):
            if isinstance(value, Mapping):
                yield from _wrong(root, known, value, here)
            elif value is not None:
                yield Wrong(here, f"expected a map of {', '.join(sorted(set(known) - {OTHERS}))}; got {_name(value)}")
        elif not _fits(known.split("|"), value):
            yield Wrong(here, f"expected {known.replace('|', ' or ')}; got {_name(value)}")


def _fits(types: list[str], value: Any) -> bool:
    if ANY in types or value is None:
        return True
    got = _name(value)
    # Kubernetes often takes a number and a text alike (ports, quantities, percentages); the schemas of the objects
    # know where it does not.
    return got in types or (got in ("number", "string") and bool({"number", "string"} & set(types)))


def _name(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case Mapping():
            return MAP
        case _:
            return LIST
