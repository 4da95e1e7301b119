"""Every chart at hand renders without a word, and alike, with the Helm of each layer; CHARTS names their folder."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.chart_checks.archives import ChartArchive, archives_in
from compute_plane.chart_checks.documents import difference, texts
from compute_plane.chart_checks.effects import APIS
from compute_plane.chart_checks.helm import Helm
from compute_plane.chart_checks.releases import Release, releases_in
from compute_plane.checks.template import Template
from compute_plane.kubernetes_releases import releases

LAYERS = {layer: version for version, release in releases().items() if (layer := release.kubectl_layer)}
ENVIRONMENTS = ("everything-autoscaler", "everything-karpenter")
Templates = Callable[..., dict[str, Template]]


def allows(archive: ChartArchive, version: str) -> bool:
    """Whether the chart's range, always a lower bound here, has this version of Kubernetes."""
    least = re.fullmatch(r">=\s*v?1\.(\d+)(\.0)?(-0)?", str(archive.metadata.get("kubeVersion") or ">=1.0.0"))
    assert least, f"{archive.name}: a range of another form: {archive.metadata['kubeVersion']}"
    return int(version.split(".")[1]) >= int(least[1])


@pytest.fixture
def at_hand(root: Path, templates: Templates) -> list[tuple[Release, ChartArchive]]:
    """The releases of the environments that have everything, whose archives are given."""
    archives = archives_in(Path(os.environ["CHARTS"]))
    files = [root / "tests" / "environments" / f"{name}.yaml" for name in ENVIRONMENTS]
    found = [each for file in files for each in releases_in(templates(file.read_text())["Addons"])]
    distinct = {(each.chart, str(each.values)): each for each in found}.values()
    return [(each, archives[each.chart, each.version]) for each in distinct if (each.chart, each.version) in archives]


@pytest.mark.skipif("CHARTS" not in os.environ, reason="CHARTS names no folder of chart archives")
def test_charts_render_alike_on_every_layer_that_they_allow(at_hand: list[tuple[Release, ChartArchive]]) -> None:
    differing: list[Any] = []
    rendered = 0
    for release, archive in at_hand:
        layers = [layer for layer, version in LAYERS.items() if allows(archive, version)]
        # Each layer's Helm with its own Kubernetes: a word of Helm is an error here.
        for layer in layers:
            assert texts(Helm.of_layer(layer, LAYERS[layer]).render(archive.path, release.values, apis=APIS))
            rendered += 1
        # All of them with the same one: what they make must be the same, but for what is random each time.
        same = [Helm.of_layer(layer, "1.35").render(archive.path, release.values) for layer in [*layers, layers[-1]]]
        noise = difference(same[-1], same[-2])
        differing += [(release.name, layers[0], place) for text in same for place in difference(same[0], text) - noise]

    assert len(LAYERS) == 3
    assert rendered >= len(at_hand) > 0
    assert differing == []
