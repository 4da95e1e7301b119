"""One thing that a deployment must be allowed, and who asks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compute_plane.iam.flatten import as_list

Condition = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Operator, key and values of each test; hashable and in one order."""


QUALIFIERS = ("", "InRegion", "OfOurStacks", "WhileCreating", "WithOurTags")
"""Labels that end a Sid; any other label is the whole of it."""


@dataclass(frozen=True)
class Need:
    """An action on a pattern of ARNs under a condition. `label` tells the condition's purpose in a Sid."""

    action: str
    resource: str
    condition: Condition = ()
    label: str = ""


@dataclass(frozen=True, order=True)
class Source:
    """The type of resource, and the stack that holds it, for which something is needed."""

    resource_type: str
    stack: str

    def __str__(self) -> str:
        return f"{self.resource_type.removeprefix('AWS::')} ({self.stack})"


def condition_of(block: Mapping[str, Mapping[str, Any]]) -> Condition:
    """A condition as a policy writes it, in its hashable form."""
    return tuple(sorted(_tests(block)))


def block_of(condition: Condition) -> dict[str, dict[str, Any]]:
    """The opposite of `condition_of`."""
    block: dict[str, dict[str, Any]] = {}
    for operator, key, values in condition:
        block.setdefault(operator, {})[key] = values[0] if len(values) == 1 else list(values)
    return block


def _tests(block: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, tests in block.items():
        for key, value in tests.items():
            yield operator, key, tuple(sorted(str(each) for each in as_list(value)))
