"""Server-side apply: merge a manager's configuration, take back what it no longer names, refuse conflicts."""

import copy
from typing import Any

from rehearsal.kube_api.errors import conflict
from rehearsal.kube_api.field_owners import FieldOwners, Item, Manager, Path, leaves
from rehearsal.kube_api.list_keys import Schema, child_schema, identity, is_set, merge_keys


def apply(
    live: dict[str, Any],
    configuration: dict[str, Any],
    owners: FieldOwners,
    *,
    manager: str,
    force: bool,
    schema: Schema | None,
) -> dict[str, Any]:
    """The live object with the configuration applied; `owners` is brought up to date."""
    me = (manager, "Apply")
    wanted = leaves(configuration, schema)
    current = leaves(live, schema)
    contested = {
        path: rivals
        for path, value in wanted.items()
        if path in current and current[path] != value and (rivals := owners.others(path, me))
    }
    if contested and not force:
        version = configuration["apiVersion"]
        lines = [f"{_rival(rivals[0], version)}: {display(path)}" for path, rivals in contested.items()]
        raise conflict(f"Apply failed with {len(lines)} conflict{'s' * (len(lines) > 1)}: {', '.join(lines)}")
    for paths in owners.fields.values():
        paths.difference_update(contested)
    dropped = owners.fields.get(me, set()) - wanted.keys()
    owners.fields[me] = set(wanted)
    merged = copy.deepcopy(live)
    _merge(merged, configuration, schema)
    kept = {owned[:end] for paths in owners.fields.values() for owned in paths for end in range(len(owned) + 1)}
    for path in sorted(dropped - kept, key=len):
        _remove(merged, path, kept)
    return merged


def _rival(manager: Manager, version: str) -> str:
    name, operation = manager
    return f'conflict with "{name}"' + (f" using {version}" if operation == "Update" else "")


def display(path: Path) -> str:
    """A path as Kubernetes prints it: `.spec.containers[name="web"].image`."""
    return "".join(str(element) if isinstance(element, Item) else f".{element}" for element in path)


def _merge(live: dict[str, Any], configuration: dict[str, Any], schema: Schema | None) -> None:
    for name, value in configuration.items():
        below = child_schema(schema, name)
        old = live.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            _merge(old, value, below)
        elif isinstance(value, list) and isinstance(old, list):
            live[name] = _merge_lists(name, old, value, below)
        else:
            live[name] = copy.deepcopy(value)


def _merge_lists(name: str, old: list[Any], new: list[Any], schema: Schema | None) -> list[Any]:
    keys = merge_keys(name, new, schema)
    if keys and merge_keys(name, old, schema) == keys:
        merged = {identity(item, keys): item for item in old}
        for item in new:
            known = merged.setdefault(identity(item, keys), {})
            _merge(known, item, None if schema is None else schema.get("items", {}))
        return list(merged.values())
    if is_set(name, schema):
        return old + [item for item in new if item not in old]
    return copy.deepcopy(new)


def _remove(value: Any, path: Path, kept: set[Path]) -> None:
    """Take a field away, and the containers that it leaves empty and nobody owns."""
    *_, parent, last = ((), *path)
    if isinstance(parent, Item) and last in parent.keys:
        return  # an item that somebody still has a field in keeps its name
    holder = _descend(value, path[:-1])
    if isinstance(holder, list) and isinstance(last, Item):
        holder[:] = [item for item in holder if not _is(item, last)]
    elif isinstance(holder, dict):
        holder.pop(last, None)
    else:
        return
    if not holder and len(path) > 1 and path[:-1] not in kept:
        _remove(value, path[:-1], kept)


def _descend(value: Any, path: Path) -> Any:
    for element in path:
        if isinstance(element, Item):
            value = next((item for item in value or [] if _is(item, element)), None)
        else:
            value = value.get(element) if isinstance(value, dict) else None
    return value


def _is(item: Any, element: Item) -> bool:
    if isinstance(item, dict):
        return identity(item, element.keys) == element.values
    return element.values == (item,)
