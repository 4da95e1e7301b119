"""Finds acknowledgements that answer no finding any more, so that none outlives what it excused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REGISTERED = "aws:cdk:acknowledged-rules"
REPORT = "validation-report.json"


def unused_acknowledgements(assembly: Path) -> list[str]:
    """`<construct path>: <id>` of each acknowledgement in this cloud assembly that suppressed nothing."""
    report_file = assembly / REPORT
    if not report_file.is_file():
        raise FileNotFoundError(f"{report_file}: synthesize with a rule pack first, into this folder")
    report = json.loads(report_file.read_text(encoding="utf-8"))
    used = {
        (suppressed["acknowledgedAt"], suppressed["acknowledgedId"])
        for plugin in report["pluginReports"]
        for suppressed in plugin.get("suppressedViolations", [])
    }
    return sorted(f"{path}: {id}" for path, id in set(_registered(assembly)) - used)


def _registered(assembly: Path) -> Iterator[tuple[str, str]]:
    for path, entries in _metadata(assembly):
        for entry in entries:
            if entry["type"] == REGISTERED:
                for id in entry["data"]:
                    yield path.removeprefix("/"), id


def _metadata(assembly: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A stack's metadata lies in a file of its own, or in the manifest."""
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    for artifact in manifest["artifacts"].values():
        yield from artifact.get("metadata", {}).items()
        if file := artifact.get("additionalMetadataFile"):
            yield from json.loads((assembly / file).read_text(encoding="utf-8")).items()
