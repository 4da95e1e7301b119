"""What every add-on's release promises, in the template: a new add-on is held to it without a new test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from compute_plane.addons import ADDONS
from compute_plane.addons.base import Addon
from compute_plane.charts import load_charts
from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]

CHART, MANIFEST = "Custom::AWSCDK-EKS-HelmChart", "Custom::AWSCDK-EKS-KubernetesResource"
ZONES = ["Z0123456789ABCDEFGHIJ"]
# What an add-on cannot do without, and what gives one a role.
SETTINGS: Raw = {
    "cert-manager": {"hosted_zone_ids": ZONES, "domains": ["example.com"]},
    "external-dns": {"hosted_zone_ids": ZONES, "domains": ["example.com"]},
}
every_addon = pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
every_chart = pytest.mark.parametrize("addon", [addon for addon in ADDONS if addon.chart], ids=lambda addon: addon.name)


@pytest.fixture
def everything(configuration: Raw) -> Callable[[Addon[Any]], Raw]:
    """An environment with this add-on, and with every other one but those that exclude a better known one."""

    def environment(addon: Addon[Any]) -> Raw:
        chosen = {addon.name}
        chosen |= {other.name for other in ADDONS if chosen.isdisjoint(other.excludes) and not is_second(other)}
        addons = {name: SETTINGS.get(name, {}) for name in sorted(chosen)}
        return configuration | {"addons": addons, "data": {"file_system": {}}}

    return environment


@pytest.fixture
def template(addon: Addon[Any], everything: Callable[[Addon[Any]], Raw], templates: Templates) -> Template:
    """The Addons stack of that environment."""
    return templates(everything(addon))["Addons"]


def is_second(addon: Addon[Any]) -> bool:
    """Of add-ons that exclude each other the first one in the alphabet is the one that is not second."""
    return any(other < addon.name for other in addon.excludes)


def made_by(addon: Addon[Any], template: Template) -> dict[str, Any]:
    """The resources of one add-on, by logical id."""
    under = f"Addons/Addons/Installer/{addon.name}/"
    return {
        logical_id: resource
        for logical_id, resource in template.resources.items()
        if resource["Metadata"]["aws:cdk:path"].startswith(under)
    }


def service_accounts(values: Any) -> Iterator[str]:
    """Every `serviceAccount: {name: …}` anywhere in Helm values."""
    if isinstance(values, dict):
        account = values.get("serviceAccount")
        if isinstance(account, dict) and "name" in account:
            yield account["name"]
        for value in values.values():
            yield from service_accounts(value)


@every_chart
def test_a_release_is_what_the_lock_says_and_its_failure_is_cloudformations(
    addon: Addon[Any], template: Template, root: Path, releases_in: Releases
) -> None:
    chart = load_charts(root / "charts.lock.yaml")[addon.chart or ""]

    release = releases_in(template)[addon.name]

    assert (release["Repository"], release["Chart"], release["Version"], release["Namespace"]) == (
        chart.repository,
        chart.chart,
        chart.version,
        addon.namespace,
    )
    assert (release["Wait"], release["Atomic"]) == (True, True)
    assert 0 < int(release["Timeout"].removesuffix("s")) <= 600


@every_chart
def test_a_chart_waits_for_its_resources_and_for_the_charts_it_depends_on(
    addon: Addon[Any], template: Template
) -> None:
    [chart] = [each for each in made_by(addon, template).values() if each["Type"] == CHART]
    own = {
        logical_id
        for logical_id, each in made_by(addon, template).items()
        if each["Metadata"]["aws:cdk:path"].split("/")[4] == "Resources"
    }
    others = {
        logical_id
        for other in ADDONS
        if other.name in addon.dependencies(addon.Settings.model_validate(SETTINGS.get(addon.name, {})))
        for logical_id, each in made_by(other, template).items()
        if each["Type"].startswith("Custom::")
    }

    assert bool(others) == bool(addon.depends_on)
    assert own | others <= set(chart.get("DependsOn", []))


@every_addon
def test_manifests_wait_for_the_chart(addon: Addon[Any], template: Template) -> None:
    resources = made_by(addon, template)

    charts = {logical_id for logical_id, each in resources.items() if each["Type"] == CHART}
    manifests = [each for each in resources.values() if each["Type"] == MANIFEST]
    assert resources
    assert all(charts <= set(manifest.get("DependsOn", [])) for manifest in manifests)


@every_addon
def test_a_role_goes_to_the_service_account_that_the_chart_makes(
    addon: Addon[Any], template: Template, releases_in: Releases
) -> None:
    associations = [
        resource["Properties"]
        for resource in made_by(addon, template).values()
        if resource["Type"] == "AWS::EKS::PodIdentityAssociation"
    ]

    given = [each["ServiceAccount"] for each in associations]
    told = list(service_accounts(releases_in(template)[addon.name]["Values"])) if addon.chart else []
    assert sorted(given) == sorted(told)
    assert {each["Namespace"] for each in associations} <= {addon.namespace}
    if associations:
        assert addon.service_account in given


def test_roles_are_given_to_service_accounts_at_all(
    everything: Callable[[Addon[Any]], Raw], templates: Templates
) -> None:
    template = templates(everything(ADDONS[0]))["Addons"]

    associations = list(template.of_type("AWS::EKS::PodIdentityAssociation"))

    assert len(associations) >= 4


def test_charts_wait_for_the_nodes_which_the_cluster_stack_makes(
    everything: Callable[[Addon[Any]], Raw], synthesize: Callable[..., Path]
) -> None:
    assembly = synthesize(everything(ADDONS[0]))

    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    cluster = json.loads((assembly / "Cluster.template.json").read_text())["Resources"]
    assert "Cluster" in manifest["Addons"]["dependencies"]
    assert "AWS::EKS::Nodegroup" in {resource["Type"] for resource in cluster.values()}
