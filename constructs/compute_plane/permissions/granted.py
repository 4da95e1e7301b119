"""Reads policies as their owners keep them, and says whether they grant what is needed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compute_plane.errors import UserError
from compute_plane.iam.flatten import as_list
from compute_plane.permissions.assembly import ACCOUNT, Place
from compute_plane.permissions.need import Condition, Need, condition_of
from compute_plane.permissions.patterns import covers, overlap
from compute_plane.permissions.scoping import requested_region


@dataclass(frozen=True)
class Grant:
    """One statement. `inverted` is True for NotAction and NotResource."""

    name: str
    allows: bool
    actions: tuple[str, ...]
    actions_inverted: bool
    resources: tuple[str, ...]
    resources_inverted: bool
    condition: Condition

    def names_action(self, action: str) -> bool:
        """Whether the statement is about the action; IAM does not mind its case."""
        return any(covers(each.lower(), action.lower()) for each in self.actions) != self.actions_inverted

    def covers_resource(self, resource: str) -> bool:
        """Whether the statement is about everything that the pattern stands for."""
        if self.resources_inverted:
            return not any(overlap(each, resource) for each in self.resources)
        return any(covers(each, resource) for each in self.resources)

    def touches_resource(self, resource: str) -> bool:
        """Whether it is about something that the pattern stands for."""
        if self.resources_inverted:
            return not any(covers(each, resource) for each in self.resources)
        return any(overlap(each, resource) for each in self.resources)

    def unmet(self, need: Need, place: Place) -> list[str]:
        """The keys of the statement's conditions of which it is not known that the needed request meets them."""
        known = {key.lower(): values for _, key, values in need.condition}
        known.setdefault("aws:requestedregion", (requested_region(need.action.partition(":")[0], place),))
        return [
            key
            for operator, key, values in self.condition
            if key.lower() not in known
            or not _positive(operator)
            or not all(any(covers(each, value) for each in values) for value in known[key.lower()])
        ]


def read_grants(files: list[Path], place: Place) -> list[Grant]:
    """The statements of all files. Raises UserError for a file that is no policy."""
    return [grant for file in files for grant in _read(file, place)]


def _read(file: Path, place: Place) -> Iterator[Grant]:
    try:
        text = file.read_text(encoding="utf-8")
        # Where nobody has named the account, any account's policy is compared.
        content = json.loads(re.sub(r"(?<!\d)\d{12}(?!\d)", ACCOUNT, text) if place.account == ACCOUNT else text)
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UserError(f"{file}: is no JSON: {error}") from None
    for number, statement in enumerate(_statements(file, content), 1):
        if not isinstance(statement, dict):
            raise UserError(f"{file}: statement {number}: expected an object")
        yield _grant(f"{file}: {statement.get('Sid', f'statement {number}')}", statement)


def _statements(file: Path, content: Any) -> list[Any]:
    """A document, a list of them, or what `aws iam get-policy-version` and `get-role-policy` print."""
    match content:
        case {"Statement": statements}:
            return as_list(statements) if isinstance(statements, list) else [statements]
        case {"PolicyVersion": {"Document": document}} | {"PolicyDocument": document}:
            return _statements(file, document)
        case list():
            return [statement for document in content for statement in _statements(file, document)]
        case _:
            raise UserError(f"{file}: expected an IAM policy document, with a Statement")


def _grant(name: str, statement: Mapping[str, Any]) -> Grant:
    actions = next((key for key in ("Action", "NotAction") if key in statement), None)
    resources = next((key for key in ("Resource", "NotResource") if key in statement), None)
    if statement.get("Effect") not in ("Allow", "Deny") or actions is None or resources is None:
        raise UserError(f"{name}: expected Effect Allow or Deny, an Action and a Resource")
    return Grant(
        name=name,
        allows=statement["Effect"] == "Allow",
        actions=tuple(as_list(statement[actions])),
        actions_inverted=actions == "NotAction",
        resources=tuple(as_list(statement[resources])),
        resources_inverted=resources == "NotResource",
        condition=condition_of(statement.get("Condition", {})),
    )


def _positive(operator: str) -> bool:
    """Operators that one known value among the allowed ones meets."""
    return operator in ("StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool")
