"""What a rule is: a plain function over one synthesized template, with the sentence it enforces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from compute_plane.checks.template import Template

PACK = "ComputePlane"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one resource; `detail` is what stands in the brackets of the id."""

    logical_id: str
    detail: str


@dataclass(frozen=True)
class Rule:
    """`why` names the document and quotes the sentence that asks for the rule, or the decision behind it."""

    id: str
    title: str
    why: str
    fix: str
    check: Callable[[Template], Iterable[Finding]]
    severity: Literal["error", "warning"] = "error"

    @property
    def name(self) -> str:
        return f"{PACK}-{self.id}"
