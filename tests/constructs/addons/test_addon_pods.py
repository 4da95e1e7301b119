"""What the real charts make of our values: pods that run where they may, ask for what they need, never all go at once.

CHARTS names a folder of archives; without it nothing is known of their templates.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compute_plane.chart_checks.archives import archives_in
from compute_plane.chart_checks.documents import objects
from compute_plane.chart_checks.effects import APIS
from compute_plane.chart_checks.helm import Helm
from compute_plane.chart_checks.releases import releases_in
from compute_plane.checks.template import Template

Raw = dict[str, Any]
Pods = list["Workload"]

pytestmark = pytest.mark.skipif("CHARTS" not in os.environ, reason="CHARTS names no folder of chart archives")


@dataclass(frozen=True)
class Workload:
    """A workload of a chart, and the budgets for disruptions that stand beside it."""

    release: str
    kind: str
    content: Raw
    budgets: list[Raw]

    @property
    def name(self) -> str:
        return f"{self.release}: {self.kind} {self.content['metadata']['name']}"

    @property
    def pod(self) -> Raw:
        return self.content["spec"]["template"]["spec"]

    @property
    def labels(self) -> Raw:
        return self.content["spec"]["template"]["metadata"].get("labels", {})

    def is_meant_by(self, selector: Raw) -> bool:
        return selector["matchLabels"].items() <= self.labels.items()


@pytest.fixture(scope="module")
def workloads(root: Path, templates: Callable[..., dict[str, Template]]) -> Pods:
    """Every workload of every chart at hand, in both environments that have everything."""
    archives = archives_in(Path(os.environ["CHARTS"]))
    helm = Helm.of_kubernetes("1.35")
    found: Pods = []
    for file in sorted((root / "tests" / "environments").glob("everything-*.yaml")):
        for release in releases_in(templates(file.read_text(encoding="utf-8"))["Addons"]):
            if (release.chart, release.version) not in archives:
                continue
            path = archives[release.chart, release.version].path
            made = list(objects(helm.render(path, release.values, release=release.name, apis=APIS)))
            budgets = [each["spec"]["selector"] for each in made if each["kind"] == "PodDisruptionBudget"]
            found += [
                Workload(release.name, each["kind"], each, budgets)
                for each in made
                if each["kind"] in {"Deployment", "StatefulSet", "DaemonSet", "Job"}
            ]
    assert len(found) > 10
    return found


def test_everything_but_what_belongs_to_other_nodes_tolerates_the_taint_of_bootstrap_nodes(workloads: Pods) -> None:
    intolerant = [
        each.name
        for each in workloads
        if each.kind != "DaemonSet"
        and not {None, "CriticalAddonsOnly"} & {taint.get("key") for taint in each.pod.get("tolerations") or []}
    ]

    assert intolerant == []


def test_what_runs_on_and_on_asks_for_what_it_needs(workloads: Pods) -> None:
    asking_nothing = [
        f"{each.name}: {container['name']}"
        for each in workloads
        if each.kind in {"Deployment", "StatefulSet"}
        for container in each.pod["containers"]
        if not container.get("resources", {}).get("requests")
    ]

    assert asking_nothing == []


def test_what_runs_several_times_has_a_budget_for_disruptions(workloads: Pods) -> None:
    several = [each for each in workloads if each.content["spec"].get("replicas", 1) > 1]

    unguarded = [each.name for each in several if not any(map(each.is_meant_by, each.budgets))]
    assert several
    assert unguarded == []


def test_constraints_on_the_spread_of_pods_mean_their_own_pods(workloads: Pods) -> None:
    constraints = [
        (each, constraint) for each in workloads for constraint in each.pod.get("topologySpreadConstraints") or []
    ]

    stray = [each.name for each, constraint in constraints if not each.is_meant_by(constraint["labelSelector"])]
    assert constraints
    assert stray == []
