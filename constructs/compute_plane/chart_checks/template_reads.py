"""Which values a chart's templates name, read from their text: no render shows what a feature that is off reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from compute_plane.chart_checks.archives import ChartArchive, charts_within
from compute_plane.chart_checks.paths import Path

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_COMMENT = re.compile(r"^/\*.*\*/$", re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_CHAIN = re.compile(r"(?<![\w.)\"])(?P<variable>\$\w*)?(?P<keys>(?:\.\w+)+)")
_INDEX = re.compile(r'\b(?:index|get|dig|hasKey)\s+\(?(?P<chain>\$?\w*(?:\.\w+)+)\)?(?P<keys>(?:\s+"[^"]+")+)')
_PARENTHESES = re.compile(r"\((\$?\w*(?:\.\w+)+)\)(?=\.\w)")
_ASSIGNED = re.compile(r"^\$(?P<name>\w+)\s*:?=\s*(?P<value>.*)$", re.DOTALL)
_WORD = re.compile(r"[\w-]+")


@dataclass
class _Scope:
    """Where dots and variables point while a template is read: at values, or at None when that cannot be told."""

    dots: list[Path | None] = field(default_factory=lambda: [None])
    variables: dict[str, Path | None] = field(default_factory=dict[str, Path | None])

    def resolve(self, chain: str) -> Path | None:
        """The path of values that `.a`, `$x.a` or `$.Values.a` stands for."""
        variable, *keys = chain.split(".")
        if "Values" in keys:
            return tuple(keys[keys.index("Values") + 1 :])
        start = self.variables.get(variable.removeprefix("$")) if variable else self.dots[-1]
        return None if start is None else (*start, *keys)


def paths_read(archive: ChartArchive) -> frozenset[Path]:
    """Every path of values that some template of the chart or of its subcharts names."""
    found: set[Path] = set()
    for prefix, folder in charts_within(archive):
        for path in _chain_paths(_templates(archive.files, folder)):
            # All charts share `global`.
            if not path[0].startswith("_"):
                found.add(path if path[0] == "global" else (*prefix, *path))
    return frozenset(found)


def words(archive: ChartArchive) -> frozenset[str]:
    """Every word inside an action of a template: a key that is not among them is read by nobody."""
    folders = [folder for _, folder in charts_within(archive)]
    actions = (a for folder in folders for text in _templates(archive.files, folder) for a in _ACTION.findall(text))
    return frozenset(word for action in actions for word in _WORD.findall(action))


def _templates(files: Mapping[str, bytes], folder: str) -> Iterator[str]:
    """The templates of one chart; what lies in `files/` may be one, for `tpl`."""
    for name, content in files.items():
        if name.startswith((f"{folder}templates/", f"{folder}files/")) and not name.endswith("NOTES.txt"):
            yield content.decode("utf-8", "replace")


def _chain_paths(texts: Iterator[str]) -> Iterator[Path]:
    for text in texts:
        scope = _Scope()
        for action in _ACTION.findall(text):
            if not _COMMENT.match(action):
                yield from _read(action, scope)


def _read(action: str, scope: _Scope) -> Iterator[Path]:
    keyword, _, rest = action.partition(" ")
    # `(.Values.a).b` is `.Values.a.b` for which `a` may be missing.
    expression = _PARENTHESES.sub(r"\1", rest if keyword in ("if", "with", "range", "else") else action)
    for found in _INDEX.finditer(expression):
        start = scope.resolve(found["chain"])
        if start is not None:
            yield (*start, *(key.strip('"') for key in found["keys"].split()))
    for found in _CHAIN.finditer(_QUOTED.sub('""', expression)):
        path = scope.resolve(found[0])
        if path:
            yield path
    _follow(keyword, rest, action, scope)


def _follow(keyword: str, rest: str, action: str, scope: _Scope) -> None:
    """Keep track of what the dot is."""
    match keyword:
        case "with":
            assigned = _ASSIGNED.match(rest)
            scope.dots.append(_whole(assigned["value"] if assigned else rest, scope))
            if assigned:
                scope.variables[assigned["name"]] = scope.dots[-1]
        case "range" | "define" | "block":
            scope.dots.append(None)
        case "if":
            scope.dots.append(scope.dots[-1])
        case "end" if len(scope.dots) > 1:
            scope.dots.pop()
        case _ if assigned := _ASSIGNED.match(action):
            scope.variables[assigned["name"]] = _whole(assigned["value"], scope)
        case _:
            pass


def _whole(expression: str, scope: _Scope) -> Path | None:
    """The path of values, if the expression is nothing else."""
    found = _CHAIN.fullmatch(expression.strip())
    return scope.resolve(found[0]) if found else None
