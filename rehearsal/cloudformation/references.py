"""Which logical ids a template value mentions, and the dependency graph that follows from it."""

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


def mentioned(value: Any) -> set[str]:
    """Every name that Ref, Fn::GetAtt or Fn::Sub in the value points to, parameters and pseudo parameters too."""
    if isinstance(value, list):
        return {name for element in value for name in mentioned(element)}
    if not isinstance(value, dict):
        return set()
    names: set[str] = set()
    for key, argument in value.items():
        if key == "Ref" and isinstance(argument, str):
            names.add(argument)
        elif key == "Fn::GetAtt":
            names.add(get_att_target(argument)[0])
        elif key == "Fn::Sub":
            names |= _substituted(argument)
        else:
            names |= mentioned(argument)
    return names


def get_att_target(argument: Any) -> tuple[str, str]:
    """The logical id and the attribute of a Fn::GetAtt, in either of its two forms."""
    if isinstance(argument, list):
        return str(argument[0]), ".".join(str(part) for part in argument[1:])
    logical_id, _, attribute = str(argument).partition(".")
    return logical_id, attribute


def _substituted(argument: Any) -> set[str]:
    text, given = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
    names = {name.split(".")[0].strip() for name in PLACEHOLDER.findall(str(text)) if name not in given}
    return names | mentioned(given)


def depends_on(resource: Mapping[str, Any]) -> set[str]:
    """The explicit dependencies of a resource."""
    declared = resource.get("DependsOn", [])
    return {declared} if isinstance(declared, str) else set(declared)


def graph(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """What each resource needs first; names outside `resources` (a false condition's, a parameter's) drop out."""
    names = set(resources)
    return {
        logical_id: frozenset((mentioned(resource.get("Properties", {})) | depends_on(resource)) & names)
        for logical_id, resource in resources.items()
    }
