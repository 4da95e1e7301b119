"""What a rehearsal saw: a table for people, `report.json` for programs, and what it could not see."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from compute_plane.config.environment import EnvironmentConfig
from rehearsal.limits import not_rehearsed
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn


@dataclass(frozen=True)
class Outcome:
    """One step: what it took, and whether it did what it should."""

    step: str
    seconds: float
    passed: bool
    detail: str


class Report:
    """Grows with every step; the fullest state seen is the plane's inventory."""

    def __init__(self, sandbox: Sandbox, config: EnvironmentConfig) -> None:
        self._sandbox, self._config = sandbox, config
        self._outcomes: list[Outcome] = []
        self._resources: Counter[str] = Counter()
        self._state: Mapping[str, Any] = {}

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self._outcomes)

    def add(self, outcome: Outcome, state: Mapping[str, Any]) -> None:
        self._outcomes.append(outcome)
        here = Counter(each["type"] for each in state["resources"] if each["stack"] != "CDKToolkit")
        if here.total() > self._resources.total():
            self._resources = here

    def finish(self, stand_in: StandIn) -> None:
        """Take the last state, and write `report.json`."""
        self._state = stand_in.state()
        document = {
            "environment": self._config.name,
            "region": self._config.region,
            "passed": self.passed,
            "steps": [asdict(outcome) for outcome in self._outcomes],
            "resources": dict(sorted(self._resources.items())),
            "charts": self._state["charts"],
            "chart_hosts": self._state["chart_hosts"],
            "retained": self._state["retained"],
            "snapshots": self._state["snapshots"],
            "leftovers": self._state["leftovers"],
            "control_planes": self._control_planes(),
            "not_rehearsed": self._limits(),
        }
        (self._sandbox.folder / "report.json").write_text(json.dumps(document, indent=2) + "\n")

    def show(self, console: Console) -> None:
        resources = _table("Resources at the fullest", "type", "number")
        for kind, number in sorted(self._resources.items()):
            resources.add_row(kind, str(number))
        resources.add_row("all", str(self._resources.total()), style="bold")
        charts = _table("Charts", "chart", "version", "content", "digest", "CRDs")
        for name, chart in sorted(self._state["charts"].items()):
            content = chart["origin"].partition(" ")[0]
            charts.add_row(name, chart["version"], content, chart["digest"], chart["crds"])
        steps = _table("Steps", "step", "seconds", "as it should")
        for outcome in self._outcomes:
            style = None if outcome.passed else "red"
            steps.add_row(outcome.step, f"{outcome.seconds:.1f}", "yes" if outcome.passed else "NO", style=style)
        steps.add_row("all", f"{sum(outcome.seconds for outcome in self._outcomes):.1f}", "", style="bold")
        tables = [resources, charts, steps]
        if self._control_planes():
            tables.append(self._shown_control_planes())
        for table in tables:
            console.print()
            console.print(table)
        if hosts := self._state["chart_hosts"]:
            console.print(f"\nChart hosts asked for (answered here, nothing left this machine): {', '.join(hosts)}")
        console.print("\nNot rehearsed:")
        for line in self._limits():
            console.print(f"  - {line}", soft_wrap=True)
        console.print(f"\n{self._sandbox.folder / 'report.json'}", soft_wrap=True)

    def _limits(self) -> list[str]:
        return not_rehearsed(unknown_calls=self._state["unknown_calls"], control_plane=bool(self._control_planes()))

    def _control_planes(self) -> list[dict[str, Any]]:
        return self._state["kubernetes"].get("control_planes", [])

    def _shown_control_planes(self) -> Table:
        table = _table(
            "Control planes", "cluster", "Kubernetes", "ready after s", "peak MiB", "asked of webhooks", "faults"
        )
        for each in self._control_planes():
            asked, memory = sum(each["webhooks"].values()), sum(each["peak_mib"].values())
            faults = "; ".join(each["faults"]) or "none"
            table.add_row(each["cluster"], each["version"], str(each["ready_seconds"]), str(memory), str(asked), faults)
        return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        right = column in ("number", "seconds")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table
