"""Installs the enabled add-ons: AWS resources, then the chart, then its manifests."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.addons.base import Addon, AddonSettings, Manifest, Plane
from compute_plane.charts import Chart
from compute_plane.merge import merge

# CDK's handler runs Helm inside a Lambda function that ends at 15 minutes; a chart must have failed well before.
TIMEOUT = Duration.minutes(10)


class AddonInstaller(Construct):
    """Every enabled add-on; each waits for what it depends on and for nothing else, so the rest runs in parallel."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        plane: Plane,
        addons: Sequence[Addon[Any]],
        settings: Mapping[str, AddonSettings],
        charts: Mapping[str, Chart],
    ) -> None:
        super().__init__(scope, id)
        enabled = {addon.name: addon for addon in addons if addon.name in settings}
        installed: dict[str, Construct] = {}
        needed = {name: addon.dependencies(settings[name]) for name, addon in enabled.items()}
        for name in TopologicalSorter(needed).static_order():
            addon = enabled[name]
            chart = charts[addon.chart].at(settings[name].version) if addon.chart else None
            installed[name] = _Installation(self, name, plane=plane, addon=addon, settings=settings[name], chart=chart)
            _wait(installed[name], [installed[each] for each in needed[name]])


class _Installation(Construct):
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        plane: Plane,
        addon: Addon[Any],
        settings: AddonSettings,
        chart: Chart | None,
    ) -> None:
        super().__init__(scope, id)
        before: list[Construct] = []
        if type(addon).resources is not Addon.resources:
            before = [Construct(self, "Resources")]
            addon.resources(before[0], plane, settings)
        if chart:
            release = _release(self, plane, addon, settings, chart)
            _wait(release, before)
            before = [release]
        # What waits for the same things stands in one scope, which waits once: a hundred node pools are one wait.
        scopes: dict[tuple[str, ...], Construct] = {}
        applied: dict[str, Construct] = {}
        for manifest in addon.manifests(plane, settings):
            if manifest.after not in scopes:
                scopes[manifest.after] = Construct(self, "-".join(("After", *manifest.after)))
                _wait(scopes[manifest.after], [*before, *(applied[id] for id in manifest.after)])
            applied[manifest.id] = _apply(scopes[manifest.after], plane, manifest)


def _wait(construct: Construct, others: Sequence[Construct]) -> None:
    if others:
        construct.node.add_dependency(*others)


def _release(scope: Construct, plane: Plane, addon: Addon[Any], settings: AddonSettings, chart: Chart) -> eks.HelmChart:
    return eks.HelmChart(
        scope,
        "Chart",
        cluster=plane.cluster,
        release=addon.name,
        namespace=addon.namespace,
        repository=chart.repository,
        chart=chart.chart,
        version=chart.version,
        values=merge(addon.values(plane, settings), settings.values),
        # CDK never uninstalls a release whose creation failed: only an atomic one leaves nothing behind.
        atomic=True,
        wait=True,
        timeout=TIMEOUT,
    )


def _apply(scope: Construct, plane: Plane, manifest: Manifest) -> eks.KubernetesManifest:
    return eks.KubernetesManifest(
        scope,
        manifest.id,
        cluster=plane.cluster,
        manifest=[dict(each) for each in manifest.objects],
        overwrite=manifest.overwrite,
        prune=False,
    )
