"""Custom resource definitions for stand-ins: the real ones of a folder, or permissive ones."""

from pathlib import Path
from typing import Any

import yaml

from rehearsal.charts.archives import CrdState
from rehearsal.charts.contents import Contents, CustomKind

KIND = "CustomResourceDefinition"
KEEP = {"helm.sh/resource-policy": "keep"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def definitions(contents: Contents, crds: Path | None) -> tuple[list[dict[str, Any]], CrdState]:
    """The definitions a chart carries: real for every group found in the folder, permissive for the rest."""
    if not contents.kinds:
        return [], "none"
    groups = {kind.group for kind in contents.kinds}
    found = _real(crds, groups) if crds else {}
    missing = [kind for kind in contents.kinds if f"{kind.plural}.{kind.group}" not in found]
    chosen = [*found.values(), *(permissive(kind) for kind in missing)]
    if contents.keep:
        for definition in chosen:
            definition["metadata"].setdefault("annotations", {}).update(KEEP)
    return chosen, "permissive" if missing else "real"


def _real(folder: Path, groups: set[str]) -> dict[str, dict[str, Any]]:
    """The definitions of some groups by name, out of every YAML file below a folder."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text()
        if KIND not in text or not any(f"group: {group}" in text for group in groups):
            continue
        for document in yaml.load_all(text, Loader=LOADER):
            if (document or {}).get("kind") == KIND and document["spec"]["group"] in groups:
                found.setdefault(document["metadata"]["name"], document)
    return found


def permissive(kind: CustomKind) -> dict[str, Any]:
    """A definition that accepts any content."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": kind.version, "served": True, "storage": True, "subresources": {"status": {}}}
    names = {
        "kind": kind.kind,
        "listKind": f"{kind.kind}List",
        "plural": kind.plural,
        "singular": kind.kind.lower(),
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": KIND,
        "metadata": {"name": f"{kind.plural}.{kind.group}"},
        "spec": {
            "group": kind.group,
            "names": names,
            "scope": kind.scope,
            "versions": [{**version, "schema": {"openAPIV3Schema": schema}}],
        },
    }
