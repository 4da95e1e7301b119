"""Says in one line what the rule packs found in a cloud assembly: `python -m compute_plane.checks.summary OUT`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from compute_plane.checks.acknowledgements import REPORT
from compute_plane.checks.rule import PACK

PACKS = ("AwsSolutions", PACK)
"""Always named: the report leaves out a pack that has found nothing."""


def summary(assembly: Path) -> str:
    """`AwsSolutions: 57 acknowledged, 0 open; ComputePlane: 12 acknowledged, 0 open`."""
    file = assembly / REPORT
    if not file.is_file():
        raise FileNotFoundError(f"{file}: synthesize with a rule pack first, into this folder")
    reports = {report["pluginName"]: report for report in json.loads(file.read_text(encoding="utf-8"))["pluginReports"]}
    packs = dict.fromkeys([*PACKS, *reports])
    return "; ".join(f"{pack}: {_of(reports.get(pack, {}))}" for pack in packs)


def _of(report: dict[str, Any]) -> str:
    violations = report.get("violations", [])
    if report.get("conclusion") == "failure" and not violations:
        return "broke, so nothing is known"
    severities = Counter(violation["severity"] for violation in violations)
    warnings = f" (warnings: {severities['warning']})" if severities["warning"] else ""
    return f"{len(report.get('suppressedViolations', []))} acknowledged, {len(violations)} open{warnings}"


def main() -> None:
    """Print the summary of the assembly that the one argument names."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m compute_plane.checks.summary FOLDER")
    try:
        sys.stdout.write(f"{summary(Path(sys.argv[1]))}\n")
    except FileNotFoundError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
