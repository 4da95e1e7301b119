"""No environment gives a chart a key that it does not take, by what is recorded of every locked chart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.chart_checks.checking import Checked, check
from compute_plane.chart_checks.facts import FOLDER, ChartFacts, read_facts
from compute_plane.chart_checks.keys import paths_of
from compute_plane.chart_checks.locked import LockedChart, locked_charts
from compute_plane.chart_checks.names import read_names, wrong_names
from compute_plane.chart_checks.paths import leaves
from compute_plane.chart_checks.releases import releases_in
from compute_plane.checks.template import Template
from compute_plane.security.document import environment_files

# Its archive could not be had; everything else must have facts.
WITHOUT_FACTS = {"neuron-device-plugin"}
Templates = Callable[..., dict[str, Template]]


def checked(root: Path, template: Template) -> list[Checked]:
    """The releases of a template, by facts."""
    names = {each.key: each.name for each in locked_charts(root)}
    return check(releases_in(template), root=root, names=names, archives={}, kubernetes="1.35")


def test_every_locked_chart_has_facts_with_keys_and_no_facts_are_left_over(root: Path) -> None:
    locked = [each for each in locked_charts(root) if each.name not in WITHOUT_FACTS]

    recorded = {each.key: read_facts(root, each.name, each.chart.version) for each in locked}

    assert [key for key, facts in recorded.items() if facts is None] == []
    assert {(facts.chart, facts.version) for facts in recorded.values() if facts} == set(recorded)
    assert [key for key, facts in recorded.items() if facts and not list(paths_of(facts.keys))] == []
    assert len(list((root / FOLDER).iterdir())) == len(recorded)


def test_facts_of_published_archives_are_told_from_those_of_rebuilt_ones(root: Path) -> None:
    locked = [each for each in locked_charts(root) if each.chart.digest and each.name not in WITHOUT_FACTS]

    states = {each.name: each.digest_state(_facts(root, each).digest) for each in locked}

    assert states["keda"] == states["aws-load-balancer-controller"] == "equal"
    assert set(states.values()) <= {"equal", "different"}


def _facts(root: Path, locked: LockedChart) -> ChartFacts:
    facts = read_facts(root, locked.name, locked.chart.version)
    assert facts is not None, f"no facts of {locked.name} {locked.chart.version}"
    return facts


def test_no_environment_has_an_unknown_or_dead_key(root: Path, templates: Templates) -> None:
    found = [
        (file.stem, each)
        for file in environment_files(root)
        for each in checked(root, templates(file.read_text())["Addons"])
    ]

    assert [f"{name}: {each.release.name}: {key}" for name, each in found for key in each.wrong] == []
    unchecked = {each.release.name for _, each in found if each.basis == "nothing"}
    assert unchecked <= WITHOUT_FACTS
    assert len({each.release.name for _, each in found}) > 15


@pytest.mark.parametrize(
    ("addon", "values", "message"),
    [
        (
            "karpenter",
            {"settings": {"clusterNmae": "x"}},
            "settings.clusterNmae: the chart has no such key; the nearest it has is settings.clusterName",
        ),
        ("karpenter", {"serviceMonitor": {"enabled": "no"}}, "serviceMonitor.enabled: expected boolean; got string"),
        ("karpenter-crd", {"webhook": {"enabled": True}}, "webhook: the chart has no such key"),
    ],
)
def test_a_broken_key_is_found(
    addon: str, values: dict[str, Any], message: str, root: Path, templates: Templates, configuration: dict[str, Any]
) -> None:
    addons: dict[str, Any] = {"karpenter": {}, "karpenter-crd": {}}
    template = templates(configuration | {"addons": addons | {addon: {"values": values}}})["Addons"]

    found = {each.release.name: [str(key) for key in each.wrong] for each in checked(root, template)}

    assert found == {"karpenter": [], "karpenter-crd": []} | {addon: [message]}


@pytest.mark.parametrize(
    ("chart", "values", "messages"),
    [
        (
            "cluster-autoscaler",
            {"extraArgs": {"expandr": "random", "scan-interval": "10s"}},
            ["extraArgs.expandr: the program knows no such name; the nearest it knows is expander"],
        ),
        (
            "istiod",
            {"meshConfig": {"enableTracing": True, "defaultConfig": {"holdApplicationUntilProxyStart": True}}},
            [
                "meshConfig.defaultConfig.holdApplicationUntilProxyStart: the program knows no such name; "
                "the nearest it knows is holdApplicationUntilProxyStarts"
            ],
        ),
        ("istiod", {"meshConfig": {"mixerz": 1}}, ["meshConfig.mixerz: the program knows no such name"]),
        ("argo-cd", {"configs": {"params": {"server.insecure": True}}}, []),
        (
            "argo-cd",
            {"configs": {"params": {"server.insecur": True}}},
            [
                'configs.params."server.insecur": the program knows no such name; '
                "the nearest it knows is server.insecure"
            ],
        ),
    ],
)
def test_names_in_maps_that_are_passed_on_whole_are_known_to_the_program(
    chart: str, values: dict[str, Any], messages: list[str], root: Path
) -> None:
    assert list(map(str, wrong_names(read_names(root)[chart], values))) == messages


def test_every_map_with_known_names_is_passed_on_whole(root: Path) -> None:
    maps = [(chart, path) for chart, names in read_names(root).items() for path in names]

    free = {
        (chart, path)
        for chart, path in maps
        for kind_of in [dict(leaves(_facts(root, locked_charts(root, [chart])[0]).keys))]
        if "map" in {kind_of.get(path[:length]) for length in range(1, len(path) + 1)}
    }

    assert maps
    assert free == set(maps)


@pytest.mark.parametrize(
    ("chart", "key"),
    [
        # Keys of older versions, which their documents still show.
        ("karpenter", "settings.aws.clusterName"),
        ("karpenter", "controller.replicas"),
        ("karpenter", "logEncoding"),
        ("aws-load-balancer-controller", "enableLeaderElection"),
        ("aws-load-balancer-controller", "podSecurityPolicy"),
        ("aws-efs-csi-driver", "replicaCount"),
        ("aws-efs-csi-driver", "extraTags"),
        ("external-dns", "aws.zoneType"),
        ("external-dns", "domainFilter"),
        ("external-dns", "zoneIdFilters"),
        ("cluster-autoscaler", "clusterName"),
        ("cluster-autoscaler", "rbac.serviceAccountAnnotations"),
        ("cert-manager", "webhook.injectAPIServerCA"),
        ("external-secrets", "prometheus.enabled"),
        ("istiod", "global.jwtPolicy"),
        ("istiod", "gateways.istio-ingressgateway"),
        ("istiod", "mixer"),
        ("keda", "podIdentity.activeDirectory"),
        ("argo-cd", "server.config"),
        ("argo-cd", "server.rbacConfig"),
        ("argo-cd", "repoServer.logLevel"),
        ("argo-workflows", "useDefaultArtifactRepo"),
        ("nats", "cluster.enabled"),
        ("nats", "auth.enabled"),
        ("nats", "config.jetstream.fileStore.size"),
        ("gpu-operator", "psp.enabled"),
        ("nvidia-device-plugin", "legacyDaemonsetAPI"),
    ],
)
def test_keys_that_died_are_not_taken_for_live(chart: str, key: str, root: Path) -> None:
    [locked, *_] = locked_charts(root, [chart])
    live = {".".join(path): kind for path, kind in leaves(_facts(root, locked).keys)}

    places = [place for place, kind in live.items() if kind == "map" and key.startswith(f"{place}.")]

    assert key not in live or live[key] == "dead"
    assert places == []
