"""The tables beside this file: what the registry's schemas say too much, too little, or not closely enough."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> Any:
    """The content of `<name>.yaml`."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def unused_actions(resource_type: str, resources: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The actions that the handlers of a type list for properties that none of these resources has."""
    rows: Mapping[str, list[str]] = table("properties").get(resource_type, {})
    return frozenset(
        action
        for condition, actions in rows.items()
        if not any(uses(condition, resource) for resource in resources)
        for action in actions
    )


def uses(condition: str | None, properties: Mapping[str, Any]) -> bool:
    """Whether a resource has the property, or the value, that a row of a table asks for."""
    if condition is None:
        return True
    path, _, wanted = condition.partition("=")
    value: Any = properties
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value is not None and (not wanted or str(value).lower() == wanted.lower())
