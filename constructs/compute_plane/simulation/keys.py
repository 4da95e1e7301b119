"""Which condition keys a request carries: those that AWS says of its action and of the kind of resource."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from compute_plane.checks.actions import action as action_data
from compute_plane.simulation.patterns import SimulationError

Keys = Mapping[str, str | list[str]]

PER_ACTION = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")
"""Global keys that only some actions have; every action has the others."""
VARIABLE = re.compile(r"\\\$\\\{\w+\\\}")


def known_keys(action: str, arn: str, given: Keys, needed: Keys) -> dict[str, str | list[str]]:
    """What of `given` the action knows, and all of `needed`: a row that says a key means it."""
    known = _keys_of(action, arn)
    unknown = [key for key in needed if not _is_known(key, known)]
    if unknown:
        raise SimulationError(f"{action} on {arn} does not know the condition keys {unknown}")
    return {**{key: value for key, value in given.items() if _is_known(key, known)}, **needed}


@cache
def _keys_of(action: str, arn: str) -> frozenset[str]:
    """Patterns in lower case."""
    data = action_data(action)
    if data is None:
        raise SimulationError(f"AWS's service authorization reference has no action '{action}'")
    kinds = [kind for kind in data.resource_types if _is_of(kind.arn, arn)]
    if data.resource_types and not kinds:
        allowed = sorted({kind.arn for kind in data.resource_types})
        raise SimulationError(f"{action} does not work on {arn}; it works on {allowed}")
    if not data.resource_types and arn != "*":
        raise SimulationError(f"{action} has no resource level: it works on *, not on {arn}")
    keys = [*data.own_keys, *(key for kind in kinds for key in kind.condition_keys)]
    return frozenset(VARIABLE.sub(".+", re.escape(key.lower())) for key in keys)


def _is_of(pattern: str, arn: str) -> bool:
    """Whether an ARN is of the form that the reference gives for a kind of resource."""
    return re.fullmatch(VARIABLE.sub(".*", re.escape(pattern)), arn) is not None


def _is_known(key: str, known: Iterable[str]) -> bool:
    lower = key.lower()
    if lower.startswith("aws:") and not lower.startswith(PER_ACTION):
        return True
    return any(re.fullmatch(pattern, lower) for pattern in known)
