"""Says what is wrong in a configuration file: where, the value, and what is allowed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from compute_plane.errors import UserError

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its path in the YAML, the value found there, and what is expected."""

    path: Location
    value: Any
    expected: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f"{_shown(self.value)}: "
        return f"{dotted(self.path)}: {shown}{self.expected}"


class ConfigurationError(UserError):
    """Everything that is wrong with one file."""

    def __init__(self, file: Path, problems: Sequence[Problem]) -> None:
        self.file, self.problems = file, list(dict.fromkeys(map(str, problems)))
        count = f"{len(self.problems)} error{'s' if len(self.problems) > 1 else ''}"
        super().__init__(f"{file}: {count}\n" + "\n".join(f"  {problem}" for problem in self.problems))


def dotted(path: Location) -> str:
    """`node_groups[0].taints[1].effect`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the file"


def suggestion(value: object, allowed: Sequence[str]) -> str:
    """`; did you mean 'NoSchedule'?`, when something allowed is close."""
    if str(value) in allowed:
        return ""  # the right word in the wrong type, such as "2" for 2
    close = get_close_matches(str(value), allowed, n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def problem(error: Mapping[str, Any], allowed_keys: Sequence[str]) -> Problem:
    """One of pydantic's errors, in an operator's words. `allowed_keys` are those of the object that holds it."""
    path, value = tuple(error["loc"]), error["input"]
    match error["type"]:
        case "extra_forbidden":
            expected = f"unknown key; expected one of {sorted(allowed_keys)}{suggestion(path[-1], allowed_keys)}"
            return Problem(path, None, expected)
        case "missing":
            return Problem(path, None, "is required")
        case "literal_error":
            allowed = [each.strip().strip("'") for each in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return Problem(path, value, f"expected one of {', '.join(allowed)}{suggestion(value, allowed)}")
        case "string_type" if isinstance(value, int | float):
            return Problem(path, value, f'expected text: put it in quotes, "{json.dumps(value)}"')
        case "string_pattern_mismatch":
            return Problem(path, value, f"expected text of the form {error['ctx']['pattern']}")
        case "value_error":
            return Problem(path, value, str(error["ctx"]["error"]))
        case "invalid-json-value":
            return Problem(path, value, "expected what JSON can hold; a date is text in quotes")
        case "model_type" | "dict_type":
            return Problem(path, value, "expected a map of settings")
        case _:
            return Problem(path, value, error["msg"].replace("Input should be", "expected"))


def _shown(value: Any) -> str:
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 80 else text[:77] + "…"
