"""Reads the policy documents and fills in their placeholders: what is reviewed is what is deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from compute_plane.iam.form import check_form, check_sids, parse
from compute_plane.iam.placeholders import PLACEHOLDER, DocumentError, Placeholders, Value

POLICIES = Path(__file__).parent / "policies"


def load(role: str, *options: str, values: Mapping[str, Value]) -> dict[str, Any]:
    """The statements of `<role>.json` and of each `<role>-<option>.json` as one policy document."""
    documents = load_each(role, *options, values=values)
    statements = [statement for document in documents.values() for statement in document["Statement"]]
    return {"Version": "2012-10-17", "Statement": statements}


def load_each(role: str, *options: str, values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """The same documents one by one, by file name without `.json`; a value that none of them uses is refused."""
    documents = fill_each(role, *options, values=values)
    wanted = placeholders(role, *options)
    if unused := sorted(set(values) - wanted):
        raise DocumentError(
            f"no document of '{role}' uses the given {_names(unused)}; "
            f"{', '.join(file_names(role, *options))} use {_names(wanted)}"
        )
    return documents


def fill_each(role: str, *options: str, values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    """The same, for a caller who has values for other documents too. Sids are unique across the documents."""
    documents = {name: read(name) for name in file_names(role, *options)}
    check_sids(documents)
    return {name: _filled(name, document, values) for name, document in documents.items()}


def read(name: str) -> dict[str, Any]:
    """One document as it is written, its form checked."""
    file = f"{name}.json"
    document = parse(file, _text(name))
    check_form(file, document)
    return document


def _filled(name: str, document: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    statements = [
        Placeholders(f"{name}.json, Sid {statement['Sid']}", values).fill(statement)
        for statement in document["Statement"]
    ]
    return {**document, "Statement": statements}


def documents_with(sid: str) -> list[str]:
    """The documents that have a statement with this Sid, by file name without `.json`."""
    return [name for name, text in _texts(POLICIES).items() if f'"{sid}"' in text]


@cache
def _texts(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.json"))}


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
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path.name}: not UTF-8: {error.reason} at byte {error.start}") from None


def _names(placeholder_names: Sequence[str] | set[str]) -> str:
    return ", ".join(f"${{{name}}}" for name in sorted(placeholder_names)) or "no placeholder"
