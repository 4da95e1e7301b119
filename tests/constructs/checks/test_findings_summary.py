"""The line with which `make synth` ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.summary import summary


def write(folder: Path, *reports: dict[str, Any]) -> Path:
    (folder / "validation-report.json").write_text(json.dumps({"pluginReports": list(reports)}))
    return folder


def report(pack: str, open: list[str], acknowledged: int, conclusion: str = "success") -> dict[str, Any]:
    violations = [{"severity": severity} for severity in open]
    suppressed: list[dict[str, Any]] = [{} for _ in range(acknowledged)]
    findings = {"violations": violations, "suppressedViolations": suppressed}
    return {"pluginName": pack, "conclusion": conclusion, **findings}


def test_every_pack_is_counted_and_one_that_found_nothing_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, report("AwsSolutions", [], 57), report("CloudFormation-Validate", ["error"], 0))

    assert summary(folder) == (
        "AwsSolutions: 57 acknowledged, 0 open; ComputePlane: 0 acknowledged, 0 open; "
        "CloudFormation-Validate: 0 acknowledged, 1 open"
    )


def test_warnings_are_not_lost_among_the_open_findings(tmp_path: Path) -> None:
    folder = write(tmp_path, report("ComputePlane", ["warning", "error", "warning"], 1))

    assert "ComputePlane: 1 acknowledged, 3 open (warnings: 2)" in summary(folder)


def test_a_pack_that_broke_is_not_counted_as_clean(tmp_path: Path) -> None:
    folder = write(tmp_path, report("ComputePlane", [], 0, conclusion="failure"))

    assert "ComputePlane: broke, so nothing is known" in summary(folder)


def test_an_assembly_that_was_not_checked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="synthesize with a rule pack first"):
        summary(tmp_path)


@pytest.mark.parametrize(("arguments", "code"), [(["."], 0), ([], 1), (["nowhere"], 1)])
def test_the_module_runs_as_a_program(arguments: list[str], code: int, tmp_path: Path) -> None:
    folder = write(tmp_path, report("AwsSolutions", [], 3))

    command = [sys.executable, "-m", "compute_plane.checks.summary", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)

    assert done.returncode == code
    assert ("AwsSolutions: 3 acknowledged" in done.stdout) == (code == 0)
    assert "Traceback" not in done.stderr
