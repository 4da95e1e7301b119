"""What a policy document must look like before anything is filled in; AWS would say it late, and without the file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from compute_plane.iam.placeholders import DocumentError

VERSION = "2012-10-17"
SID = re.compile(r"[A-Za-z0-9]+")
ONE_OF = (("Action", "NotAction"), ("Principal", "NotPrincipal"), ("Resource", "NotResource"))
STATEMENT_KEYS = ("Sid", "Effect", *(key for pair in ONE_OF for key in pair), "Condition")


# docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
OPERATORS = (
    "String[Not]Equals[IgnoreCase]",
    "String[Not]Like",
    "Arn[Not]Equals",
    "Arn[Not]Like",
    "Numeric[Not]Equals",
    "NumericLessThan[Equals]",
    "NumericGreaterThan[Equals]",
    "Date[Not]Equals",
    "DateLessThan[Equals]",
    "DateGreaterThan[Equals]",
    "[Not]IpAddress",
    "Bool",
    "BinaryEquals",
    "Null",
)
"""As IAM's documentation groups them, with the optional parts in brackets."""
OPERATOR = re.compile(
    r"((ForAllValues|ForAnyValue):)?("
    + "|".join(re.sub(r"\[(\w+)\]", r"(\1)?", operator) for operator in OPERATORS)
    + r")(IfExists)?"
)


def parse(file: str, text: str) -> Any:
    """The JSON of a document. A key that stands twice is refused: of two conditions, one would be lost."""

    def one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise DocumentError(f"{file}: {', '.join(twice)} stands twice in one map, which keeps only the last")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=one_of_each)
    except json.JSONDecodeError as error:
        raise DocumentError(f"{file}: no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None


def check_form(file: str, document: Any) -> None:
    """Raises DocumentError for the first thing that is wrong, with the file, the Sid and what is allowed."""
    if not isinstance(document, dict):
        raise DocumentError(f"{file}: a policy document is a map of Version and Statement")
    _check_keys(file, document, ("Version", "Statement"))
    if document.get("Version") != VERSION:
        raise DocumentError(f"{file}: Version is '{VERSION}', not {document.get('Version')!r}")
    statements = document.get("Statement")
    if not isinstance(statements, list) or not statements:
        raise DocumentError(f"{file}: Statement is a list of one statement at least")
    for index, statement in enumerate(statements, start=1):
        _check_statement(file, index, statement)


def check_sids(documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Sids are unique in all documents of a role: reasons and findings name statements by them."""
    seen: set[str] = set()
    for name, document in documents.items():
        for statement in document["Statement"]:
            if (sid := statement["Sid"]) in seen:
                raise DocumentError(f"{name}.json: the Sid '{sid}' stands twice in one role's documents; rename one")
            seen.add(sid)


def _check_statement(file: str, index: int, statement: Any) -> None:
    if not isinstance(statement, dict):
        raise DocumentError(f"{file}: statement {index} is {statement!r}, not a map")
    sid = statement.get("Sid")
    if not isinstance(sid, str) or not SID.fullmatch(sid):
        raise DocumentError(f"{file}: the Sid of statement {index} is letters and digits, not {sid!r}")
    where = f"{file}, Sid {sid}"
    _check_keys(where, statement, STATEMENT_KEYS)
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise DocumentError(f"{where}: Effect is 'Allow' or 'Deny', not {statement.get('Effect')!r}")
    for one, other in ONE_OF:
        _check_choice(where, statement, one, other)
    if "Condition" in statement:
        _check_condition(where, statement["Condition"])


def _check_keys(where: str, node: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    if unknown := sorted(set(node) - set(allowed)):
        raise DocumentError(f"{where}: unknown {', '.join(unknown)}; allowed are {', '.join(allowed)}")


def _check_choice(where: str, statement: Mapping[str, Any], one: str, other: str) -> None:
    """A statement says what it allows; whom or on what, according to where it stands."""
    given = [key for key in (one, other) if key in statement]
    needed = one == "Action" or (one == "Resource" and not {"Principal", "NotPrincipal"} & set(statement))
    if len(given) > 1 or (needed and not given):
        raise DocumentError(f"{where}: needs {one} (or {other}), and not both")
    for key in given:
        value = statement[key]
        entries = list(value.values()) if one == "Principal" and isinstance(value, dict) else [value]
        if not entries or not all(_is_text(entry) for entry in entries):
            raise DocumentError(f"{where}: {key} is text or a list of texts, not {value!r}")


def _check_condition(where: str, condition: Any) -> None:
    tests = list(condition.values()) if isinstance(condition, dict) else []
    for test in tests or [None]:
        if not isinstance(test, dict) or not test or not all(_is_text(value) for value in test.values()):
            raise DocumentError(f"{where}: Condition is operator -> key -> text or list of texts, not {condition!r}")

    for operator in condition:
        if not OPERATOR.fullmatch(operator):
            raise DocumentError(f"{where}: Condition has no operator {operator!r}; IAM knows {', '.join(OPERATORS)}")


def _is_text(value: Any) -> bool:
    """Also a list of texts; an empty one grants or tests nothing."""
    values = value if isinstance(value, list) else [value]
    return bool(values) and all(isinstance(each, str) and each for each in values)
