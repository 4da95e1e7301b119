"""What a change of Helm values does to a render, told from noise (random fields) and from echoes of all values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from pathlib import Path as File
from typing import Any

from compute_plane.chart_checks.documents import Place, difference
from compute_plane.chart_checks.helm import Helm, RenderError
from compute_plane.chart_checks.paths import Path, put

PROBE = "unknownProbe"
APIS = (
    "monitoring.coreos.com/v1",
    "cert-manager.io/v1",
    "gateway.networking.k8s.io/v1",
    "autoscaling.k8s.io/v1",
    "networking.k8s.io/v1/Ingress",
    "autoscaling/v2",
    "policy/v1",
)
"""What a cluster may have besides Kubernetes' own: several charts leave objects out where these are missing."""


class Effect(Enum):
    """Of one change of values."""

    NONE = auto()
    ECHO = auto()
    CHANGE = auto()
    REFUSED = auto()


class Reference:
    """A render to compare others with. Raises RenderError when the chart does not take these values."""

    def __init__(self, helm: Helm, chart: File, values: Mapping[str, Any], *, apis: Sequence[str] = APIS) -> None:
        self.values = values
        self._helm, self._chart, self._apis = helm, chart, apis
        self.rendered = self._render(values)
        # Charts that make certificates or passwords do so anew each time.
        self._noise = difference(self.rendered, self._render(values))
        self.refuses_unknown_keys = False
        self._echo: set[Place] = set()
        try:
            # Istio writes all values, whatever they are, into a ConfigMap.
            self._echo = self.changed(put(values, (PROBE,), PROBE))
        except RenderError:
            self.refuses_unknown_keys = True

    def changed(self, values: Mapping[str, Any]) -> set[Place]:
        """The places that other values change, without noise."""
        return difference(self.rendered, self._render(values)) - self._noise

    def effect(self, values: Mapping[str, Any]) -> Effect:
        """What other values do."""
        try:
            changed = self.changed(values)
        except RenderError:
            return Effect.REFUSED
        if not changed:
            return Effect.NONE
        return Effect.ECHO if changed <= self._echo else Effect.CHANGE

    def ignore(self, places: Iterable[Place]) -> None:
        """Places that turned out to repeat values whatever they are."""
        self._echo |= set(places)

    def reached_by_any_key(self, path: Path) -> set[Place]:
        """Where a key that nobody can know gets to from a map: nowhere, unless the map is passed on whole."""
        try:
            return self.changed(put(self.values, (*path, PROBE), PROBE)) - self._echo
        except RenderError:
            return set()

    def _render(self, values: Mapping[str, Any]) -> str:
        rendered = self._helm.render(self._chart, values, apis=self._apis)
        # A checksum repeats what another object shows.
        return re.sub(r"(checksum/[\w.-]+: ).*", r"\1sum", rendered)
