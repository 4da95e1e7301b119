"""Takes wrong values out of a section, so that the rules between fields can still look at the rest of it."""

from copy import deepcopy
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

ROUNDS = 4
"""A wrong value leaves a hole, the hole may make its parent incomplete, and so on; deeper than this is hopeless."""


def sound_part(name: str, adapter: TypeAdapter[Any], section: Any) -> dict[str, Any]:
    """`{name: section without its wrong values}`, or nothing when no sound section is left.

    Items of a top-level list are never removed: their index stands in every message.
    """
    remaining = deepcopy(section)
    for _ in range(ROUNDS):
        try:
            return {name: adapter.validate_python(remaining, strict=True)}
        except ValidationError as error:
            for each in error.errors():
                location = each["loc"][:-1] if each["type"] == "missing" else each["loc"]
                _remove(remaining, location)
    return {}


def _remove(document: Any, location: tuple[str | int, ...]) -> None:
    if len(location) < (2 if isinstance(document, list) else 1):
        return
    *parents, last = location
    for part in parents:
        try:
            document = cast(Any, document)[part]
        except (KeyError, IndexError, TypeError):
            return  # pydantic's name of a union member, or gone with an earlier error
    if isinstance(document, dict):
        document.pop(last, None)
    elif isinstance(document, list) and isinstance(last, int) and last < len(document):
        document.pop(last)
