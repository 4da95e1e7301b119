"""What was acknowledged in an environment: which finding, where, and why that is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compute_plane.checks.acknowledgements import REPORT


@dataclass(frozen=True, order=True)
class Acknowledgement:
    """One finding that synthesis accepts."""

    construct: str
    finding: str
    reason: str


def acknowledgements_of(assembly: Path) -> Iterator[Acknowledgement]:
    """Every acknowledged finding of the rule packs in this cloud assembly."""
    report = json.loads((assembly / REPORT).read_text(encoding="utf-8"))
    for plugin in report["pluginReports"]:
        for suppressed in plugin.get("suppressedViolations", []):
            finding = suppressed["acknowledgedId"].partition("::")[2]
            for construct in suppressed["violatingConstructs"]:
                yield Acknowledgement(construct["constructPath"], finding, suppressed["reason"])
