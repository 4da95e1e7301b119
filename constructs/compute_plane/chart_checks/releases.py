"""The Helm releases and Kubernetes objects of a synthesized environment."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compute_plane.checks.rendered import CHART, json_of, objects
from compute_plane.checks.template import Template


@dataclass(frozen=True)
class Release:
    """One chart with the values that the template gives it; references to other resources are written as names."""

    name: str
    namespace: str
    chart: str
    version: str
    values: Mapping[str, Any]


def template_in(assembly: Path) -> Template:
    """The template of the add-ons."""
    return Template(json.loads((assembly / "Addons.template.json").read_text(encoding="utf-8")))


def releases_in(template: Template) -> Sequence[Release]:
    """The releases of a template, in its order."""
    found: list[Release] = []
    for logical_id, properties in template.of_type(CHART):
        values = json_of(properties.get("Values", "{}"))
        if not isinstance(values, dict):
            raise ValueError(f"{logical_id}: the values of a release are no JSON object")
        names = (str(properties[key]) for key in ("Release", "Namespace", "Chart", "Version"))
        found.append(Release(*names, values=values))
    return found


def manifests_in(template: Template) -> Sequence[Mapping[str, Any]]:
    """The objects that are applied without a chart."""
    found: list[Mapping[str, Any]] = []
    for logical_id, content in objects(template):
        if content is None:
            raise ValueError(f"{logical_id}: the manifest holds no Kubernetes objects")
        found += content
    return found


def values_by_chart(assemblies: Iterable[Path]) -> Mapping[str, list[Mapping[str, Any]]]:
    """The different values that environments give each chart, by the chart's own name."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for assembly in assemblies:
        for release in releases_in(template_in(assembly)):
            values = found.setdefault(release.chart, [])
            if release.values not in values:
                values.append(release.values)
    return found
