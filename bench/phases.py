"""Where the wall time of one synthesis goes: imports by package, configuration, constructs, synthesis."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TIMED_APP = Path(__file__).parent / "timed_app.py"
IMPORT_LINE = re.compile(r"import time: +(\d+) \| +\d+ \| +([\w.]+)")
PACKAGES = {
    "aws_cdk": ("aws_cdk", "constructs", "jsii", "typeguard", "cattr", "cattrs", "attr"),
    "cdk_nag": ("cdk_nag",),
    "compute_plane": ("compute_plane", "stacks", "app"),
    "pydantic": ("pydantic", "pydantic_core", "annotated_types"),
    "yaml": ("yaml", "ruamel"),
}
OTHER = "other packages"


@dataclass(frozen=True)
class Phases:
    """Seconds of one synthesis without the CLI; `imports` says how the first of them divides."""

    seconds: dict[str, float]
    imports: dict[str, float]


def measure_phases(root: Path, environment: str, folder: Path, variables: Mapping[str, str]) -> Phases:
    """Runs the application twice: the import clock of Python slows down what it measures."""
    folder.mkdir()
    context = json.loads((root / "cdk.json").read_text(encoding="utf-8"))["context"]
    process_variables = {
        **variables,
        "CDK_CONTEXT_JSON": json.dumps({**context, "env": environment}),
        "CDK_OUTDIR": str(folder / "cdk.out"),
    }
    result = folder / "phases.json"

    def run(*options: str) -> str:
        command = [sys.executable, *options, str(TIMED_APP), str(result)]
        done = subprocess.run(command, cwd=root, env=process_variables, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stderr}")
        return done.stderr

    run()
    seconds = json.loads(result.read_text(encoding="utf-8"))
    seconds["the rest"] = seconds.pop("all") - sum(
        seconds[phase] for phase in ("configuration", "constructs", "synthesis")
    )
    return Phases(seconds=seconds, imports=import_seconds(run("-X", "importtime")))


def import_seconds(report: str) -> dict[str, float]:
    """Sums what `python -X importtime` says of each module's own time, by the package it belongs to."""
    owners = {package: name for name, packages in PACKAGES.items() for package in packages}
    seconds = {name: 0.0 for name in (*PACKAGES, OTHER)}
    for microseconds, module in IMPORT_LINE.findall(report):
        seconds[owners.get(module.partition(".")[0], OTHER)] += int(microseconds) / 1e6
    return seconds
