"""Finds out which keys a chart takes, by rendering it and by reading its templates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from compute_plane.chart_checks.archives import ChartArchive
from compute_plane.chart_checks.defaults import default_values, schema_types, type_of
from compute_plane.chart_checks.documents import Place, objects, texts
from compute_plane.chart_checks.effects import APIS, Effect, Reference
from compute_plane.chart_checks.facts import ChartFacts
from compute_plane.chart_checks.helm import Helm, RenderError
from compute_plane.chart_checks.keys import ANY, DEAD, MAP
from compute_plane.chart_checks.paths import MISSING, Path, get, leaves, maps, mutations, put
from compute_plane.chart_checks.summary import definitions, images, kinds
from compute_plane.chart_checks.template_reads import paths_read, words
from compute_plane.merge import merge

WORKERS = 2
SWITCHES_OF_DEFINITIONS = (("crds", "install"), ("crds", "enabled"), ("installCRDs",))
"""What charts call it; megabytes of definitions, rendered a thousand times, say nothing of other keys."""


class Recorder:
    """One chart, seen from values that it is installed with and from values that switch on what they leave off.

    Raises RenderError when it does not take the values.
    """

    def __init__(self, archive: ChartArchive, helm: Helm, values: Sequence[Mapping[str, Any]]) -> None:
        self.archive = archive
        self.defaults = default_values(archive)
        self.types = schema_types(archive)
        self.reads = paths_read(archive)
        self._words = words(archive)
        # Values that differ in their texts only show nothing new.
        chosen = {frozenset(path for path, _ in leaves(each)): each for each in (values or [{}])}
        starts = [Reference(helm, archive.path, self._slim(each)) for each in chosen.values()]
        self.references = [_widened(helm, archive, starts[0], self.defaults), *starts]

    def _slim(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values without the chart's custom resource definitions, where it has a switch for them."""
        for path in SWITCHES_OF_DEFINITIONS:
            if get(self.defaults, path) is not MISSING:
                return put(values, path, False)
        return values

    def keys(self) -> dict[str, Any]:
        """The tree of keys."""
        open_maps = self._open_maps()
        defaults = [(path, value) for path, value in leaves(self.defaults) if not _below(path, open_maps)]
        with ThreadPoolExecutor(WORKERS) as pool:
            seen = zip(defaults, pool.map(self._is_proven, defaults), strict=True)
            proven = {path for (path, _), live in seen if live}
        open_maps |= self._unseen_maps(defaults, proven)
        found: dict[str, Any] = {}
        for path in open_maps:
            if not _below(path[:-1], open_maps):
                found = put(found, path, MAP)
        for path, value in defaults:
            if not _below(path, open_maps):
                live = path in proven or path[-1] in self._words
                # A name that no template holds is read by nobody; others a helper may read from a map it is given.
                found = put(found, path, self._type(path, value) if live else DEAD)
        for path in sorted({*self.reads, *self.types}, key=len):
            if not _below(path, open_maps) and _has_room(found, path):
                found = put(found, path, self._type(path, MISSING))
        return found

    def _open_maps(self) -> set[Path]:
        """Maps that are passed on whole; one of which templates only name the keys is not."""
        candidates = [
            path
            for path in maps(self.defaults)
            if any(path[:length] in self.reads for length in range(1, len(path) + 1))
        ]
        found: set[Path] = set()
        for reference in self.references:
            with ThreadPoolExecutor(WORKERS) as pool:
                reached = dict(zip(candidates, pool.map(reference.reached_by_any_key, candidates), strict=True))
            repeated = _repeated(reached)
            reference.ignore(repeated)
            found |= {path for path, places in reached.items() if places - repeated}
            candidates = [path for path in candidates if path not in found]
        return found

    def _unseen_maps(self, defaults: Sequence[tuple[Path, Any]], proven: set[Path]) -> set[Path]:
        """Maps of features that no render showed, which templates pass on whole: they name none of its keys."""
        whole = {path for path in self.reads if isinstance(get(self.defaults, path), dict)}
        named = {path[:length] for path in self.reads | proven for length in range(1, len(path))}
        unseen = {path for path, _ in defaults if path not in proven}
        return {path for path in whole - named if any(each[: len(path)] == path for each in unseen)}

    def _is_proven(self, default: tuple[Path, Any]) -> bool:
        """Read by name, or with an effect."""
        path, value = default
        return path in self.reads or self._has_effect(path, value)

    def _has_effect(self, path: Path, value: Any) -> bool:
        for reference in self.references:
            for changed in mutations(value):
                if reference.effect(put(reference.values, path, changed)) is not Effect.NONE:
                    return True
        return False

    def _type(self, path: Path, default: Any) -> str:
        names = set(self.types.get(path, ()))
        if default is not MISSING:
            names.add(type_of(default))
        # An empty default says "not set" where the schema says more; without a schema it says nothing.
        if names - {ANY} and path in self.types:
            names -= {ANY}
        return ANY if ANY in names or not names else "|".join(sorted(names))


def _repeated(reached: Mapping[Path, set[Place]]) -> set[Place]:
    """Texts in ConfigMaps that keys of unrelated maps get to: they repeat values, and prove nothing of a key."""
    sources: dict[Place, set[str]] = {}
    for path, places in reached.items():
        for place in places:
            if place[0] == "ConfigMap":
                sources.setdefault(place, set()).add(path[0])
    return {place for place, tops in sources.items() if len(tops) > 1}


def _below(path: Path, places: set[Path]) -> bool:
    """Whether the path is one of these, or lies in one of them."""
    return any(path[:length] in places for length in range(1, len(path) + 1))


def _has_room(tree: Mapping[str, Any], path: Path) -> bool:
    """Whether a key that only templates or the schema know can be added: nothing is there, nor a leaf on the way."""
    if get(tree, path) is not MISSING:
        return False
    return all(
        get(tree, path[:length]) is MISSING or isinstance(get(tree, path[:length]), dict)
        for length in range(1, len(path))
    )


def _widened(helm: Helm, archive: ChartArchive, start: Reference, defaults: Mapping[str, Any]) -> Reference:
    """The values with everything switched on that can be switched on together."""
    switches = [
        path
        for path, value in leaves(merge(defaults, start.values))
        if value is False and path not in SWITCHES_OF_DEFINITIONS
    ]
    return Reference(helm, archive.path, _switched(helm, archive, start.values, switches, len(texts(start.rendered))))


def _switched(
    helm: Helm, archive: ChartArchive, values: Mapping[str, Any], switches: Sequence[Path], least: int
) -> Mapping[str, Any]:
    """As many switches on as the chart takes without a word and without fewer objects."""
    if not switches:
        return values
    wider = values
    for path in switches:
        wider = put(wider, path, True)
    try:
        if len(texts(helm.render(archive.path, wider, apis=APIS))) >= least:
            return wider
    except RenderError:
        pass
    if len(switches) == 1:
        return values
    middle = len(switches) // 2
    wider = _switched(helm, archive, values, switches[:middle], least)
    return _switched(helm, archive, wider, switches[middle:], least)


def record(archive: ChartArchive, helm: Helm, values: Sequence[Mapping[str, Any]]) -> ChartFacts:
    """The facts of a chart, as it is with these values."""
    recorder = Recorder(archive, helm, values)
    most, found, names = Counter[str](), set[str](), set[str]()
    for each in values or [{}]:
        content = list(objects(helm.render(archive.path, each)))
        most |= kinds(content)
        found |= definitions(content)
        names |= set(images(content))
    return ChartFacts(
        chart=archive.name,
        version=archive.version,
        source="archive",
        digest=archive.digest,
        kubernetes=str(archive.metadata.get("kubeVersion") or ""),
        definitions=sorted(found),
        kinds=dict(sorted(most.items())),
        images=sorted(names),
        keys=recorder.keys(),
    )
