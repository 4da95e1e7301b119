"""The known names of maps that a chart passes on whole: flags and settings that only the program behind it judges."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path as File
from typing import Any

from compute_plane.chart_checks.keys import Wrong
from compute_plane.chart_checks.paths import Path, get
from compute_plane.chart_checks.yaml_text import load_yaml

FILE = File("charts") / "names.yaml"
Names = Mapping[Path, frozenset[str]]


def read_names(root: File) -> Mapping[str, Names]:
    """The maps of each chart, by its name in the lock file; nothing in a folder without the file."""
    if not (root / FILE).is_file():
        return {}
    table: dict[str, Any] = load_yaml((root / FILE).read_text(encoding="utf-8"))
    return {
        chart: {tuple(path.split(".")): frozenset(map(str, names)) for path, names in row["maps"].items()}
        for chart, row in table.items()
    }


def wrong_names(names: Names, values: Mapping[str, Any]) -> list[Wrong]:
    """Keys below these maps that the program does not know."""
    found: list[Wrong] = []
    for path, known in names.items():
        given = get(values, path)
        for key in given if isinstance(given, dict) else ():
            if key not in known:
                like = get_close_matches(key, known, 1, 0.6)
                said = f"; the nearest it knows is {like[0]}" if like else ""
                found.append(Wrong((*path, key), f"the program knows no such name{said}"))
    return found
