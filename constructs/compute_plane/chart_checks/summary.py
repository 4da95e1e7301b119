"""What a render holds, in short: kinds, images, custom resource definitions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compute_plane.chart_checks.documents import DEFINITION

CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


def kinds(found: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many objects of each kind."""
    return Counter(str(each["kind"]) for each in found)


def definitions(found: Iterable[Mapping[str, Any]]) -> set[str]:
    """The names of the definitions among objects."""
    return {each["metadata"]["name"] for each in found if each["kind"] == DEFINITION}


def images(value: Any) -> Iterator[str]:
    """The images of all containers, wherever in an object they are."""
    match value:
        case dict():
            for key, below in value.items():
                if key in CONTAINERS and isinstance(below, list):
                    yield from (str(each["image"]) for each in below if isinstance(each, dict) and each.get("image"))
                yield from images(below)
        case list():
            for below in value:
                yield from images(below)
        case _:
            pass
