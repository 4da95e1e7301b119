"""Splits statements into managed policies that AWS accepts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compute_plane.checks.sizes import MANAGED_POLICY

LONGEST = MANAGED_POLICY
MOST = 10
"""What AWS takes: characters of a managed policy besides white space, and policies of a role with the default quota."""

Document = Mapping[str, Any]


def documents(statements: Sequence[Mapping[str, Any]], name: str) -> dict[str, Document]:
    """Policies by name, in the order of the statements; one that fits is called `name`, several are numbered."""
    pages: list[list[Mapping[str, Any]]] = [[]]
    for statement in [part for each in statements for part in _parts(each)]:
        if pages[-1] and size(_document([*pages[-1], statement])) > LONGEST:
            pages.append([])
        pages[-1].append(statement)
    if len(pages) == 1:
        return {name: _document(pages[0])} if pages[0] else {}
    return {f"{name}-{number}": _document(page) for number, page in enumerate(pages, 1)}


def size(document: Document) -> int:
    """The characters that count."""
    return len("".join(json.dumps(document, separators=(",", ":")).split()))


def _parts(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The statement, or two with half of its actions each, until every one fits."""
    if size(_document([statement])) <= LONGEST:
        yield statement
        return
    actions: list[str] = statement["Action"]
    if len(actions) < 2:
        raise ValueError(f"{statement['Sid']}: one action with more resources than a managed policy can hold")
    half = len(actions) // 2
    yield from _parts({**statement, "Action": actions[:half]})
    yield from _parts({**statement, "Action": actions[half:], "Sid": f"{statement['Sid']}B"})


def _document(statements: Sequence[Mapping[str, Any]]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}
