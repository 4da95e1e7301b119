"""Makes a stand-in: a real Helm chart with a locked chart's name and versions, and little of its content."""

import json
from importlib.resources import files
from pathlib import Path

from rehearsal.charts.archives import Archive, pack
from rehearsal.charts.contents import CONTENTS, Contents
from rehearsal.charts.definitions import definitions
from rehearsal.charts.lock import Entry

COMMON = ("NOTES.txt", "service-accounts.yaml", "values.yaml", "workload.yaml")


def stand_in(entry: Entry, crds: Path | None) -> Archive:
    """The stand-in for a locked chart, with the real definitions of `crds` where they are given."""
    contents = CONTENTS.get(entry.chart, Contents())
    chosen, state = definitions(contents, crds)
    templates = [
        *COMMON,
        *(["storage-classes.yaml"] if contents.provisioner else []),
        *(["service.yaml"] if contents.service else []),
    ]
    folder = files("rehearsal.charts") / "stand_in"
    content = {f"templates/{name}": (folder / name).read_bytes() for name in templates}
    for definition in chosen:
        text = json.dumps(definition, indent=1, default=str)
        if contents.place == "templates":
            text = text.replace("{{", '{{ "{{" }}')
        content[f"{contents.place}/{definition['metadata']['name']}.yaml"] = text.encode()
    content["Chart.yaml"] = json.dumps(_chart_yaml(entry, contents), indent=1).encode()
    content["values.yaml"] = b"{}\n"
    data = pack(entry.chart, content)
    return Archive(entry.chart, entry.version, data, "stand-in", "stand-in", state)


def _chart_yaml(entry: Entry, contents: Contents) -> dict[str, object]:
    chart: dict[str, object] = {
        "apiVersion": "v2",
        "name": entry.chart,
        "version": entry.version,
        "appVersion": entry.app_version,
        "description": f"A stand-in for {entry.chart} of {entry.repository}, made for a rehearsal.",
    }
    annotations = {"provisioner": contents.provisioner} if contents.provisioner else {}
    return {**chart, "annotations": annotations} if annotations else chart
