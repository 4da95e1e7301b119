"""Writes what is known of charts, and what is wrong with their values, for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compute_plane.chart_checks.checking import Checked, Validation
from compute_plane.chart_checks.facts import read_facts
from compute_plane.chart_checks.locked import LockedChart
from compute_plane.chart_checks.paths import MISSING, dotted, get
from compute_plane.chart_checks.verification import Verified
from compute_plane.config.environment import EnvironmentConfig

UNCHECKED = "nothing is recorded of this chart version: its values are not checked (compute-plane charts record)"


def lock_table(root: Path, locked: Sequence[LockedChart]) -> str:
    """Every locked version, whether its digest is known, and what its recorded facts come from."""
    rows = [("NAME", "CHART", "VERSION", "APP", "DIGEST", "FACTS", "REPOSITORY")]
    for each in locked:
        chart, facts = each.chart, read_facts(root, each.name, each.chart.version)
        known = "published" if chart.digest else "unknown"
        basis = f"{facts.source}, digest {each.digest_state(facts.digest)}" if facts else "none"
        rows.append((each.name, chart.chart, chart.version, chart.app_version, known, basis, chart.repository))
    return _table(rows)


def verification_table(found: Sequence[tuple[LockedChart, Verified | None]]) -> str:
    """One line a version; those that are not at hand say so."""
    rows = [("NAME", "VERSION", "DIGEST", "DETAIL")]
    for locked, verified in found:
        state, detail = (verified.state, verified.detail) if verified else ("-", "no archive at hand")
        rows.append((locked.name, locked.chart.version, state, detail))
    return _table(rows)


def check_report(
    found: Sequence[Checked], validation: Validation | None, environment: EnvironmentConfig, file: Path
) -> tuple[str, bool]:
    """What is wrong and what was seen, and whether all is right."""
    wrong: list[str] = []
    for each in found:
        name = f"{each.release.name} ({each.release.chart} {each.release.version})"
        settings = environment.addon_settings.get(each.release.name)
        given = settings.values if settings else {}
        wrong += [f"{name}: {refusal}" for refusal in each.refusals]
        wrong += [f"{name}: {key}{_place(each.release.name, given, key.path, file)}" for key in each.wrong]
    wrong += validation.errors if validation else []
    return "\n".join([*wrong, *([""] if wrong else []), *_seen(found, validation), f"Errors: {len(wrong)}."]), not wrong


def _seen(found: Sequence[Checked], validation: Validation | None) -> list[str]:
    bases = {basis: [each for each in found if each.basis == basis] for basis in ("archive", "facts", "nothing")}
    lines = [f"Charts: {len(bases['archive'])} rendered, {len(bases['facts'])} checked by recorded facts."]
    lines += [f"  {each.release.chart} {each.release.version}: {UNCHECKED}" for each in bases["nothing"]]
    if validation:
        lines.append(f"Objects: {validation.validated} validated, {validation.unchecked.total()} of unknown kinds.")
        lines += [f"  {count} {kind}: no schema at hand" for kind, count in sorted(validation.unchecked.items())]
    return lines


def _place(addon: str, given: Mapping[str, Any], path: tuple[str, ...], file: Path) -> str:
    """Where the operator's file says it, if it is not ours."""
    if get(given, path) is MISSING:
        return ""
    return f" [{file.name}: addons.{addon}.values.{dotted(path)}]"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return "\n".join(
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    )
