"""Which manager owns which field of an object: what server-side apply needs to remove and to refuse.

A field is a path of names; `("name", "web")`-like pairs stand for items of lists that merge by key.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rehearsal.kube_api.list_keys import Schema, child_schema, identity, is_set, merge_keys

Path = tuple[Any, ...]
Manager = tuple[str, str]  # name, and "Apply" or "Update"

# What the server sets, or what only names the object, belongs to nobody.
UNOWNED: frozenset[Path] = frozenset({("apiVersion",), ("kind",), ("status",)})
OWNED_METADATA = frozenset({"labels", "annotations", "finalizers", "ownerReferences"})


@dataclass(frozen=True)
class Item:
    """A path element: the item of a keyed list, or the member of a set."""

    keys: tuple[str, ...]
    values: tuple[Any, ...]

    def __str__(self) -> str:
        pairs = zip(self.keys, self.values, strict=True)
        return "[" + ",".join(f'{key}="{value}"' for key, value in pairs) + "]"


@dataclass
class FieldOwners:
    """The fields that each manager owns."""

    fields: dict[Manager, set[Path]] = field(default_factory=dict[Manager, set[Path]])

    def others(self, path: Path, manager: Manager) -> list[Manager]:
        return [other for other, paths in self.fields.items() if other != manager and path in paths]

    def record_update(self, manager: Manager, before: dict[Path, Any], after: dict[Path, Any]) -> None:
        """Give the fields that a plain write changed to its writer alone."""
        changed = {path for path, value in after.items() if path not in before or before[path] != value}
        gone = before.keys() - after.keys()
        for paths in self.fields.values():
            paths.difference_update(changed, gone)
        if changed:
            self.fields.setdefault(manager, set()).update(changed)


def leaves(value: dict[str, Any], schema: Schema | None = None) -> dict[Path, Any]:
    """Every owned field of an object with its value."""
    return {path: leaf for path, leaf in _leaves(value, schema, ()) if _owned(path)}


def _owned(path: Path) -> bool:
    if path[0] == "metadata":
        return len(path) > 2 and path[1] in OWNED_METADATA
    return path[:1] not in UNOWNED


def _leaves(value: Any, schema: Schema | None, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        if not value:
            yield path, value
        for name, child in value.items():
            yield from _leaves(child, child_schema(schema, name), (*path, name))
    elif isinstance(value, list):
        name = str(path[-1])
        keys = merge_keys(name, value, schema)
        if keys:
            for item in value:
                at = (*path, Item(keys, identity(item, keys)))
                yield at, None
                yield from _leaves(item, None if schema is None else schema.get("items", {}), at)
        elif is_set(name, schema):
            for item in value:
                yield (*path, Item(("",), (item,))), None
        else:
            yield path, value
    else:
        yield path, value
