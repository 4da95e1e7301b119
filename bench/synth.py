"""What synthesis costs, in CPU seconds of the CDK CLI and everything it starts: `python bench/synth.py`.

Wall time says as much about the machine's other work as about ours, so CPU time is compared, and the things
compared take turns in one run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import yaml
from phases import Phases, measure_phases
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
EMPTY_APP = """\
import aws_cdk as cdk

app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
"""
MANY = 100


@dataclass(frozen=True)
class Round:
    """CPU seconds of one synthesis each, measured one after the other."""

    empty_app: float
    environment: float
    node_pools: float
    node_groups: float


@dataclass(frozen=True)
class Report:
    """Medians over the rounds; ratios and differences are taken within a round."""

    rounds: list[Round]
    empty_app: float
    environment: float
    ratio: float
    more_node_pools: float
    more_node_groups: float
    phases: Phases


class Bench:
    """Runs the CLI that package-lock.json pins, with this interpreter, in a folder of its own."""

    def __init__(self, folder: Path, environment: str) -> None:
        self._folder = folder
        self._environment = environment
        binaries = [Path(sys.executable).parent, ROOT / "node_modules" / ".bin"]
        self.variables = {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, binaries), os.environ.get("PATH", "")]),
            "CDK_VALIDATION": "false",
        }
        # Compiling our modules anew would be measured as their import.
        self.variables.pop("PYTHONDONTWRITEBYTECODE", None)

    def empty_app(self) -> float:
        folder = self._folder / "empty"
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_text(EMPTY_APP, encoding="utf-8")
        return self._synth(folder, "--app", "python3 app.py")

    def this_app(self) -> float:
        return self._synth(ROOT, "-c", f"env={self._environment}")

    def this_app_with_many(self, section: str) -> float:
        """The same environment with 100 copies of the first entry of a list."""
        path = self._folder / f"{section}.yaml"
        config = yaml.safe_load((ROOT / "config" / f"{self._environment}.yaml").read_text(encoding="utf-8"))
        copies = [{**config[section][0], "name": f"bench-{number:03}"} for number in range(MANY)]
        path.write_text(yaml.safe_dump({**config, section: [*config[section], *copies]}), encoding="utf-8")
        return self._synth(ROOT, "-c", f"config={path}")

    def phases(self) -> Phases:
        return measure_phases(ROOT, self._environment, self._folder / "phases", self.variables)

    def _synth(self, folder: Path, *options: str) -> float:
        """CPU seconds of one synthesis, with the built-in template validation off."""
        output = self._folder / "cdk.out"
        command = ["cdk", "synth", "--all", "--quiet", "--no-validation", "--no-notices", "--output", str(output)]
        return cpu_seconds([*command, *options], folder, self.variables)


def cpu_seconds(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> float:
    """CPU seconds of a command and of all processes that it started and waited for."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=dict(variables), stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise SystemExit(f"`{' '.join(command)}` ended with {process.returncode}:\n{text}")
    return usage.ru_utime + usage.ru_stime


def measure(bench: Bench, pairs: int) -> Report:
    bench.empty_app()  # these two fill the caches of jsii, Python and the CLI
    bench.this_app()
    rounds = [
        Round(
            empty_app=bench.empty_app(),
            environment=bench.this_app(),
            node_pools=bench.this_app_with_many("node_pools"),
            node_groups=bench.this_app_with_many("node_groups"),
        )
        for _ in range(pairs)
    ]
    return Report(
        rounds=rounds,
        empty_app=median(one.empty_app for one in rounds),
        environment=median(one.environment for one in rounds),
        ratio=median(one.environment / one.empty_app for one in rounds),
        more_node_pools=median(one.node_pools - one.environment for one in rounds),
        more_node_groups=median(one.node_groups - one.environment for one in rounds),
        phases=bench.phases(),
    )


def tables(report: Report, environment: str) -> list[Table]:
    compared = Table(
        "CPU seconds of", "median", f"of {len(report.rounds)} rounds", title="Synthesis through the CDK CLI"
    )
    compared.add_row("an empty application", f"{report.empty_app:.2f}", "")
    compared.add_row(f"{environment}", f"{report.environment:.2f}", f"{report.ratio:.2f} times the empty one")
    compared.add_row(f"{MANY} NodePools more", f"{report.more_node_pools:+.2f}", "")
    compared.add_row(f"{MANY} managed node groups more", f"{report.more_node_groups:+.2f}", "")
    divided = Table("wall seconds of", "one run", title=f"Where the time of {environment} goes, without the CLI")
    for phase, seconds in report.phases.seconds.items():
        divided.add_row(phase, f"{seconds:.2f}")
        if phase == "imports":
            for package, part in report.phases.imports.items():
                divided.add_row(f"  {package}", f"  {part:.2f}")
    return [compared, divided]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", default="dev", help="the environment to measure")
    parser.add_argument("--pairs", type=int, default=3, help="how often each thing is measured")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the numbers there too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="compute-plane-bench-") as folder:
        report = measure(Bench(Path(folder), options.env), options.pairs)
    for table in tables(report, options.env):
        Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
