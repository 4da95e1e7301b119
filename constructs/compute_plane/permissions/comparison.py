"""What existing policies lack of what a deployment needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compute_plane.permissions.assembly import Place
from compute_plane.permissions.granted import Grant
from compute_plane.permissions.need import Need, Source


@dataclass(frozen=True)
class Lack:
    """Something needed that the policies do not give, why not, and who needs it."""

    need: Need
    reason: str
    sources: tuple[Source, ...]


def lacking(needs: Mapping[Need, Iterable[Source]], grants: Sequence[Grant], place: Place) -> list[Lack]:
    """Everything needed that `grants` do not allow, by action and resource."""
    found: dict[tuple[str, str, str], set[Source]] = {}
    for need, sources in needs.items():
        reason = _reason(need, grants, place)
        if reason is not None:
            found.setdefault((need.action, need.resource, reason), set()).update(sources)
    return [
        Lack(Need(action, resource), reason, tuple(sorted(sources)))
        for (action, resource, reason), sources in sorted(found.items())
    ]


def _reason(need: Need, grants: Sequence[Grant], place: Place) -> str | None:
    """Why the need is not met; None if it is."""
    about = [grant for grant in grants if grant.names_action(need.action)]
    for grant in about:
        if not grant.allows and grant.touches_resource(need.resource):
            # A denial under a condition stands in the way only of requests that meet it; say so, rather than guess.
            return f"denied by {grant.name}" + (f", if {_keys(grant)}" if grant.condition else "")
    allowing = [grant for grant in about if grant.allows]
    covering = [grant for grant in allowing if grant.covers_resource(need.resource)]
    unmet = [grant.unmet(need, place) for grant in covering]
    if any(not keys for keys in unmet):
        return None
    if unmet:
        return f"granted under other conditions: {', '.join(sorted(set(_flat(unmet))))}"
    return "granted on other resources" if allowing else "not granted"


def _keys(grant: Grant) -> str:
    return ", ".join(sorted({key for _, key, _ in grant.condition}))


def _flat(lists: Iterable[Iterable[str]]) -> Iterator[str]:
    for each in lists:
        yield from each
