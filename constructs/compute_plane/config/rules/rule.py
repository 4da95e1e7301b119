"""A rule between fields: what it looks at, and what it finds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compute_plane.config.errors import Location, Problem

Problems = Iterator[Problem]


@dataclass(frozen=True)
class Rule:
    """A check over whole sections of the file; it runs whenever the sections it needs are sound."""

    needs: tuple[str, ...]
    check: Callable[..., Problems]

    def problems(self, sections: Mapping[str, Any]) -> Problems:
        """What is wrong, or nothing while a section it needs is unsound itself."""
        if all(name in sections for name in self.needs):
            yield from self.check(*(sections[name] for name in self.needs))


def unique(path: Location, values: Sequence[str], key: str | None = None) -> Problems:
    """A problem for each value that an earlier item has already."""
    for index, value in enumerate(values):
        if (first := list(values).index(value)) < index:
            yield Problem((*path, index, *([key] if key else [])), value, f"must be unique; item {first} has it too")
