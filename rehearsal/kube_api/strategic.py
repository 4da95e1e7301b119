"""Strategic merge patch: lists of objects merge by key, and `$` directives delete, replace and order."""

import copy
from typing import Any

from rehearsal.kube_api.errors import bad_request
from rehearsal.kube_api.list_keys import MERGE_KEYS, PORT_KEYS, SETS

DELETE_FROM = "$deleteFromPrimitiveList/"
ELEMENT_ORDER = "$setElementOrder/"


def strategic_merge_patch(value: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """The patched object, by the merge keys of the built-in kinds."""
    directive = patch.get("$patch", "merge")
    if directive == "delete":
        return {}
    if directive == "replace":
        return {name: copy.deepcopy(child) for name, child in patch.items() if name != "$patch"}
    if directive != "merge":
        raise bad_request(f"unknown patch directive {directive!r}; expected merge, replace or delete")
    merged = dict(value)
    if "$retainKeys" in patch:
        merged = {name: child for name, child in merged.items() if name in patch["$retainKeys"]}
    for name, child in patch.items():
        if not name.startswith("$"):
            _merge_field(merged, name, child)
    for name, child in patch.items():
        if name.startswith(DELETE_FROM) and (field := name.removeprefix(DELETE_FROM)) in merged:
            merged[field] = [item for item in merged[field] if item not in child]
    for name, child in patch.items():
        if name.startswith(ELEMENT_ORDER) and (field := name.removeprefix(ELEMENT_ORDER)) in merged:
            merged[field] = _ordered(field, merged[field], child)
    return merged


def _merge_field(merged: dict[str, Any], name: str, patch: Any) -> None:
    old = merged.get(name)
    if patch is None:
        merged.pop(name, None)
    elif isinstance(patch, dict):
        merged[name] = strategic_merge_patch(old if isinstance(old, dict) else {}, patch)
    elif isinstance(patch, list):
        merged[name] = _merge_list(name, old if isinstance(old, list) else [], patch)
    else:
        merged[name] = patch


def _merge_list(name: str, old: list[Any], patch: list[Any]) -> list[Any]:
    if any(isinstance(item, dict) and item.get("$patch") == "replace" for item in patch):
        return [copy.deepcopy(item) for item in patch if item.get("$patch") != "replace"]
    key = _merge_key(name, patch)
    if key is None:
        return old + [item for item in patch if item not in old] if name in SETS else copy.deepcopy(patch)
    merged: list[Any] = list(old)
    for item in patch:
        index = next((i for i, known in enumerate(merged) if known.get(key) == item[key]), None)
        if item.get("$patch") == "delete":
            merged = [known for known in merged if known.get(key) != item[key]]
        elif index is None:
            merged.append(strategic_merge_patch({}, item))
        else:
            merged[index] = strategic_merge_patch(merged[index], item)
    return merged


def _merge_key(name: str, items: list[Any]) -> str | None:
    """The field that identifies an item; the protocol of a port does not count here."""
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    candidates = PORT_KEYS if name == "ports" else MERGE_KEYS.get(name, ())[:1]
    return next((key for key in candidates if all(key in item for item in items)), None)


def _ordered(name: str, items: list[Any], order: list[Any]) -> list[Any]:
    """The items in the order asked for; those it does not name keep theirs, at the end."""
    key = _merge_key(name, order)

    def identity(item: Any) -> Any:
        return item.get(key) if key and isinstance(item, dict) else item

    places = [identity(item) for item in order]
    return sorted(items, key=lambda i: places.index(identity(i)) if identity(i) in places else len(places))
