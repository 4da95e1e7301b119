"""Merge patch (RFC 7386) and JSON patch (RFC 6902)."""

import copy
from typing import Any

from rehearsal.kube_api.errors import ApiError


def merge_patch(value: Any, patch: Any) -> Any:
    """The patched value; null removes, lists are replaced whole."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(value) if isinstance(value, dict) else {}
    for name, child in patch.items():
        if child is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), child)
    return merged


def json_patch(value: Any, operations: list[dict[str, Any]]) -> Any:
    """The patched value; the first operation that cannot be done refuses the whole patch."""
    document = {"": copy.deepcopy(value)}
    for operation in operations:
        try:
            _operate(document, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise _refused(f"cannot {operation.get('op')} {operation.get('path')!r}: {error!r}") from error
    return document[""]


def _operate(document: dict[str, Any], operation: dict[str, Any]) -> None:
    path = operation["path"]
    match operation["op"]:
        case "add":
            _add(document, path, copy.deepcopy(operation["value"]))
        case "remove":
            _take(document, path)
        case "replace":
            _take(document, path)
            _add(document, path, copy.deepcopy(operation["value"]))
        case "move":
            _add(document, path, _take(document, operation["from"]))
        case "copy":
            holder, last = _holder(document, operation["from"])
            _add(document, path, copy.deepcopy(holder[last]))
        case "test":
            holder, last = _holder(document, path)
            if holder[last] != operation["value"]:
                raise _refused(f"testing path {path} failed")
        case other:
            raise ValueError(f"operation {other!r}; expected add, remove, replace, move, copy or test")


def _holder(document: dict[str, Any], pointer: str) -> tuple[Any, Any]:
    """What holds the place that a JSON pointer names, and the place's key or index in it."""
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
    holder: Any = document
    for part in parents:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    return holder, (int(last) if isinstance(holder, list) and last != "-" else last)


def _add(document: dict[str, Any], pointer: str, value: Any) -> None:
    holder, last = _holder(document, pointer)
    if isinstance(holder, list):
        holder.insert(len(holder) if last == "-" else last, value)
    else:
        holder[last] = value


def _take(document: dict[str, Any], pointer: str) -> Any:
    holder, last = _holder(document, pointer)
    return holder.pop(last)


def _refused(message: str) -> ApiError:
    return ApiError(422, "Invalid", f"the server rejected our request due to an error in our request: {message}")
