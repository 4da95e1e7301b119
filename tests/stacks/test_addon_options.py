"""What every add-on does with the options that all have, in the environments that switch everything on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.addons import ADDONS
from compute_plane.addons.base import MONITORS, Addon, MonitoredSettings
from compute_plane.checks.template import Template

Raw = dict[str, Any]
Everything = Callable[[str], Template]
Releases = Callable[[Template], dict[str, Raw]]

CHART = "Custom::AWSCDK-EKS-HelmChart"
# Their charts tolerate the taint of bootstrap nodes already, or have no pods.
TOLERANT = {"karpenter", "neuron-device-plugin", "nvidia-device-plugin"}
WITHOUT_PODS = {"istio-base", "karpenter-crd", MONITORS}
MONITORED = [addon for addon in ADDONS if issubclass(addon.Settings, MonitoredSettings)]
WITH_AUTOSCALER = {"cluster-autoscaler", "gpu-operator"}


@pytest.fixture
def everything(root: Path, templates: Callable[..., dict[str, Template]]) -> Everything:
    """The Addons stack of one of the two environments that have all add-ons."""

    def synthesized(name: str) -> Template:
        file = root / "tests" / "environments" / f"everything-{name}.yaml"
        return templates(file.read_text(encoding="utf-8"))["Addons"]

    return synthesized


def test_between_them_the_two_environments_switch_every_add_on_on(
    everything: Everything, releases_in: Releases
) -> None:
    found = {name: set(releases_in(everything(name))) for name in ("karpenter", "autoscaler")}

    assert found["karpenter"] | found["autoscaler"] == {addon.name for addon in ADDONS if addon.chart}
    assert found["karpenter"] - found["autoscaler"] == {"karpenter", "karpenter-crd", "nvidia-device-plugin"}
    assert found["autoscaler"] - found["karpenter"] == WITH_AUTOSCALER


@pytest.mark.parametrize("name", ["karpenter", "autoscaler"])
def test_the_planes_pods_run_on_nodes_that_are_kept_for_them(
    name: str, everything: Everything, releases_in: Releases
) -> None:
    releases = releases_in(everything(name))

    tolerant = {release for release, chart in releases.items() if "CriticalAddonsOnly" in json.dumps(chart["Values"])}
    # The EFS driver's chart tolerates it too.
    assert tolerant == set(releases) - TOLERANT - WITHOUT_PODS - {"aws-efs-csi-driver"}


@pytest.mark.parametrize("addon", MONITORED, ids=lambda addon: addon.name)
def test_service_monitors_are_made_after_their_definitions(
    addon: Addon[Any], everything: Everything, releases_in: Releases
) -> None:
    template = everything("autoscaler" if addon.name in WITH_AUTOSCALER else "karpenter")

    monitored = monitors(releases_in(template)[addon.name]["Values"])

    assert monitored and all(monitored)
    assert charts(template)[MONITORS] <= waits_of(template, addon.name)


@pytest.mark.parametrize(
    "addon",
    [each for each in MONITORED if each.name not in {*WITH_AUTOSCALER, "karpenter"}],
    ids=lambda addon: addon.name,
)
def test_without_being_asked_for_no_service_monitor_is_made(
    addon: Addon[Any], everything: Everything, releases_in: Releases
) -> None:
    template = everything("autoscaler")

    monitored = monitors(releases_in(template)[addon.name]["Values"])

    assert not any(monitored)
    assert not charts(template)[MONITORS] & waits_of(template, addon.name)


def test_what_can_be_done_without_for_a_minute_runs_several_times_only_where_the_plane_is_protected(
    everything: Everything, releases_in: Releases
) -> None:
    protected, unprotected = (releases_in(everything(name)) for name in ("karpenter", "autoscaler"))

    assert protected["nats"]["Values"]["config"]["cluster"] == {"enabled": True}
    assert "cluster" not in unprotected["nats"]["Values"]["config"]
    assert protected["argo-cd"]["Values"]["server"]["replicas"] == 2
    assert protected["argo-cd"]["Values"]["redis-ha"]["enabled"] is True
    assert "redis-ha" not in unprotected["argo-cd"]["Values"]
    assert "replicas" not in unprotected["argo-workflows"]["Values"]["controller"]


def test_a_chosen_version_is_installed_and_the_first_locked_one_otherwise(
    everything: Everything, releases_in: Releases
) -> None:
    default, chosen = (releases_in(everything(name))["keda"]["Version"] for name in ("karpenter", "autoscaler"))

    assert (default, chosen) == ("2.20.2", "2.20.1")


def test_external_dns_waits_for_istios_definitions_where_it_watches_istio(everything: Everything) -> None:
    watching, not_watching = everything("karpenter"), everything("autoscaler")

    assert charts(watching)["istio-base"] <= waits_of(watching, "external-dns")
    assert not charts(not_watching)["istio-base"] & waits_of(not_watching, "external-dns")


def charts(template: Template) -> dict[str, set[str]]:
    """The logical id of each release, in a set."""
    return {
        resource["Properties"]["Release"]: {logical_id}
        for logical_id, resource in template.resources.items()
        if resource["Type"] == CHART
    }


def waits_of(template: Template, release: str) -> set[str]:
    [logical_id] = charts(template)[release]
    return set(template.resources[logical_id].get("DependsOn", []))


def monitors(values: Any) -> list[bool]:
    """Whether each monitor in Helm values is switched on."""
    found: list[bool] = []
    if isinstance(values, dict):
        for key, value in values.items():
            if key.lower() in ("servicemonitor", "podmonitor"):
                found.append(value["enabled"])
            else:
                found += monitors(value)
    return found
