"""Checks the releases of an environment: with real archives where they are at hand, by recorded facts elsewhere."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compute_plane.chart_checks.archives import ChartArchive
from compute_plane.chart_checks.documents import DEFINITION, Object, objects
from compute_plane.chart_checks.effects import Effect, Reference
from compute_plane.chart_checks.facts import ChartFacts, read_facts
from compute_plane.chart_checks.helm import Helm, RenderError
from compute_plane.chart_checks.keys import Wrong, wrong_keys
from compute_plane.chart_checks.names import read_names, wrong_names
from compute_plane.chart_checks.paths import drop
from compute_plane.chart_checks.recording import WORKERS, record
from compute_plane.chart_checks.releases import Release
from compute_plane.chart_checks.schemas import Schemas


@dataclass
class Checked:
    """What was seen of one release. `basis` is what its values were checked by."""

    release: Release
    basis: str
    wrong: list[Wrong] = field(default_factory=list[Wrong])
    refusals: list[str] = field(default_factory=list[str])
    objects: list[Object] = field(default_factory=list[Object])


@dataclass
class Validation:
    """What came of the objects of an environment."""

    validated: int
    errors: list[str]
    unchecked: Counter[str]


def check_by_facts(release: Release, facts: ChartFacts | None) -> Checked:
    """The values by what is recorded of the chart."""
    if facts is None:
        return Checked(release, "nothing")
    return Checked(release, "facts", wrong_keys(facts.keys, release.values))


def check_by_archive(release: Release, archive: ChartArchive, facts: ChartFacts | None, helm: Helm) -> Checked:
    """The values by rendering; facts of another archive, or none, are found anew."""
    try:
        text = helm.render(archive.path, release.values, release=release.name, namespace=release.namespace)
    except RenderError as error:
        wrong = wrong_keys(facts.keys, release.values) if facts else []
        return Checked(release, "archive", wrong, [f"Helm says: {error}"])
    if facts is None or facts.digest != archive.digest:
        facts = record(archive, helm, [release.values])
    wrong = wrong_keys(facts.keys, release.values)
    if wrong:
        reference = Reference(helm, archive.path, release.values)
        wrong = [each for each in wrong if not _proves_live(reference, each)]
    return Checked(release, "archive", wrong, objects=list(objects(text)))


def check(
    releases: Sequence[Release],
    *,
    root: Path,
    names: Mapping[tuple[str, str], str],
    archives: Mapping[tuple[str, str], ChartArchive],
    kubernetes: str,
) -> list[Checked]:
    """Every release; `names` are the charts' names in the lock file, by which facts are kept."""

    known = read_names(root)

    def one(release: Release) -> Checked:
        key = release.chart, release.version
        facts = read_facts(root, names[key], release.version)
        if key in archives:
            checked = check_by_archive(release, archives[key], facts, Helm.of_kubernetes(kubernetes))
        else:
            checked = check_by_facts(release, facts)
        checked.wrong += wrong_names(known.get(names[key], {}), release.values)
        return checked

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, releases))


def validate(checked: Sequence[Checked], manifests: Sequence[Mapping[str, Any]], kubernetes: str) -> Validation:
    """Every rendered object and every manifest of ours, strictly; kinds that nobody knows are counted."""
    named = [(f"{each.release.name}:", value) for each in checked for value in each.objects]
    named += [("manifest", value) for value in manifests]
    schemas = Schemas(kubernetes, [value for _, value in named if value.get("kind") == DEFINITION])
    found = Validation(0, [], Counter())
    for source, value in named:
        errors = schemas.errors(value)
        if errors is None:
            found.unchecked[f"{value.get('apiVersion')} {value.get('kind')}"] += 1
            continue
        found.validated += 1
        name = f"{value.get('kind')} {(value.get('metadata') or {}).get('name')}"
        found.errors += [f"{source} {name}: {error}" for error in errors]
    return found


def _proves_live(reference: Reference, wrong: Wrong) -> bool:
    """A key that no fact knows, without which the render is another one."""
    return wrong.is_unknown and reference.effect(drop(reference.values, wrong.path)) is Effect.CHANGE
