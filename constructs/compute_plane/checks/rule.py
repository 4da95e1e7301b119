"""What a rule is: a plain function over one synthesized template, with the sentence it enforces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from compute_plane.checks.template import Template

PACK = "ComputePlane"


Severity = Literal["fatal", "error", "warning"]
"""Nobody can acknowledge what is fatal; a warning does not stop the synthesis."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one resource; `detail` is what stands in the brackets of the id.

    `sid` names the statement, where it is one that is wrong: the message says in which document it stands.
    """

    logical_id: str
    detail: str
    sid: str = field(default="", compare=False)


@dataclass(frozen=True)
class Rule:
    """`why` names the document and quotes the sentence that asks for the rule, or the decision behind it."""

    id: str
    title: str
    why: str
    fix: str
    check: Callable[[Template], Iterable[Finding]]
    severity: Severity = "error"

    @property
    def name(self) -> str:
        return f"{PACK}-{self.id}"
