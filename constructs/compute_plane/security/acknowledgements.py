"""What was acknowledged in an environment: which finding, where, and why that is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compute_plane.checks.acknowledgements import REPORT


@dataclass(frozen=True, order=True)
class Acknowledgement:
    """What synthesis accepts of one rule at one construct, for one reason: `findings` has a line each."""

    construct: str
    rule: str
    findings: str
    reason: str


def acknowledgements_of(assembly: Path) -> Iterator[Acknowledgement]:
    """Every acknowledged finding of the rule packs in this cloud assembly."""
    report = json.loads((assembly / REPORT).read_text(encoding="utf-8"))
    found: dict[tuple[str, str, str], list[str]] = {}
    for plugin in report["pluginReports"]:
        for suppressed in plugin.get("suppressedViolations", []):
            rule, _, detail = suppressed["acknowledgedId"].partition("::")[2].partition("[")
            for construct in suppressed["violatingConstructs"]:
                place = (construct["constructPath"], rule, suppressed["reason"])
                found.setdefault(place, []).append(detail.removesuffix("]"))
    for (construct, rule, reason), details in found.items():
        yield Acknowledgement(construct, rule, "\n".join(details), reason)
