"""Reads the policy documents and fills in their placeholders: what is reviewed is what is deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compute_plane.iam.placeholders import PLACEHOLDER, DocumentError, Placeholders, Value

POLICIES = Path(__file__).parent / "policies"


def load(role: str, *options: str, values: Mapping[str, Value]) -> dict[str, Any]:
    """The statements of `<role>.json` and of each `<role>-<option>.json` as one policy document."""
    documents = load_each(role, *options, values=values)
    statements = [statement for document in documents.values() for statement in document["Statement"]]
    return {"Version": "2012-10-17", "Statement": statements}


def load_each(role: str, *options: str, values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """The same documents one by one, by file name without `.json`; Sids are unique across them."""
    wanted = placeholders(role, *options)
    if unused := sorted(set(values) - wanted):
        raise DocumentError(
            f"no document of '{role}' uses the given {_names(unused)}; "
            f"{', '.join(file_names(role, *options))} use {_names(wanted)}"
        )
    documents = {
        name: Placeholders(f"{name}.json", values).fill(json.loads(_text(name))) for name in file_names(role, *options)
    }
    _check_sids(documents)
    return documents


def placeholders(role: str, *options: str) -> set[str]:
    """The placeholders of our own (not CloudFormation's, not IAM's) that these documents hold."""
    found = {name for file in file_names(role, *options) for name in PLACEHOLDER.findall(_text(file))}
    return {name for name in found if ":" not in name}


def file_names(role: str, *options: str) -> list[str]:
    return [role, *(f"{role}-{option}" for option in options)]


def _text(name: str) -> str:
    path = POLICIES / f"{name}.json"
    if not path.is_file():
        known = sorted(file.stem for file in POLICIES.glob("*.json"))
        raise DocumentError(f"no policy document '{name}'; expected one of {known}")
    return path.read_text(encoding="utf-8")


def _check_sids(documents: Mapping[str, Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for name, document in documents.items():
        for statement in document["Statement"]:
            sid = statement.get("Sid")
            if not sid or not re.fullmatch(r"[A-Za-z0-9]+", sid):
                raise DocumentError(f"{name}.json: a Sid is letters and digits, not {sid!r}")
            if sid in seen:
                raise DocumentError(f"{name}.json: the Sid '{sid}' stands twice in one role's documents")
            seen.add(sid)


def _names(placeholder_names: Sequence[str] | set[str]) -> str:
    return ", ".join(f"${{{name}}}" for name in sorted(placeholder_names)) or "no placeholder"
