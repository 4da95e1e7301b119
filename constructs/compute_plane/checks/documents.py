"""Reads policy documents in every form that CloudFormation takes: maps, JSON text, text with references, choices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.variants import NO_VALUE, UnreadablePolicyError, variants
from compute_plane.iam.flatten import as_list, flatten
from compute_plane.iam.form import STATEMENT_KEYS

JSON_RESOURCE = "Custom::AWSCDKCfnJson"
VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


def bodies(document: Any, resources: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The statements of a document, in each variant that CloudFormation's conditions can make of it.

    A statement that denies is left out unless it stands in every variant: in the others it protects nothing.
    """
    made = [[] if variant == NO_VALUE else _statements(variant, resources) for variant in variants(document)]
    found = {json.dumps(body, sort_keys=True): body for statements in made for body in statements}
    always = set[str].intersection(*({json.dumps(body, sort_keys=True) for body in one} for one in made))
    return [body for text, body in found.items() if body["Effect"] == "Allow" or text in always]


def _statements(document: Any, resources: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    read = parsed(document)
    found = as_list(read.get("Statement")) if isinstance(read, dict) else []
    if not found or not all(isinstance(body, dict) and body.get("Effect") in ("Allow", "Deny") for body in found):
        raise UnreadablePolicyError(f"the rules cannot read the statements of {flatten(document)[:300]}")
    if unknown := sorted({str(key) for body in found for key in body} - set(STATEMENT_KEYS)):
        allowed = ", ".join(STATEMENT_KEYS)
        raise UnreadablePolicyError(f"the rules cannot read {', '.join(unknown)} in a statement; allowed are {allowed}")
    return [_with_conditions(body, resources) for body in found]


def _with_conditions(body: dict[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """CDK lets a custom resource of its own write conditions whose keys hold references."""
    condition = _followed(body.get("Condition"), resources)
    if condition is None:
        return body
    if not isinstance(condition, dict):
        raise UnreadablePolicyError(f"the rules cannot read the condition {flatten(condition)}")
    tests = {operator: _followed(keys, resources) for operator, keys in condition.items()}
    for operator, keys in tests.items():
        if not isinstance(keys, dict) or {"Ref", "Fn::GetAtt"} & set(keys):
            raise UnreadablePolicyError(f"the rules cannot read the condition {operator} {flatten(keys)}")
    return {**body, "Condition": tests}


def _followed(node: Any, resources: Mapping[str, Mapping[str, Any]]) -> Any:
    match node:
        case {"Fn::GetAtt": [str() as name, "Value"]} if resources.get(name, {}).get("Type") == JSON_RESOURCE:
            return parsed(resources[name]["Properties"].get("Value"))
        case _:
            return node


def parsed(document: Any) -> Any:
    """A document as maps and lists. References within text are written as `flatten` writes them."""
    match document:
        case str():
            return _json(document)
        case {"Fn::Join": ["", list()]}:
            return _json(text_of(document))
        case {"Fn::Sub": str() as text}:
            return _substituted(_json(text), {})
        case {"Fn::Sub": [str() as text, dict() as values]}:
            return _substituted(_json(text), values)
        case _:
            return document


def text_of(value: Any) -> str:
    """Joined text; a reference in it is escaped, because what surrounds it is JSON."""
    match value:
        case str():
            return value
        case {"Fn::Join": ["", list() as pieces]}:
            return "".join(text_of(piece) for piece in pieces)
        case _:
            return json.dumps(flatten(value), ensure_ascii=False)[1:-1]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadablePolicyError(f"a policy is no JSON: {error}: {text[:300]}") from error


def _substituted(node: Any, values: Mapping[str, Any]) -> Any:
    """A string that is one variable becomes its value; in other strings and in keys variables keep their names."""
    match node:
        case dict():
            return {VARIABLE.sub(r"<\1>", key): _substituted(value, values) for key, value in node.items()}
        case list():
            return [_substituted(item, values) for item in node]
        case str():
            whole = VARIABLE.fullmatch(node)
            return values.get(whole[1], {"Ref": whole[1]}) if whole and ":" not in whole[1] else _literal(node)
        case _:
            return node


def _literal(text: str) -> str:
    return text.replace("${!", "${")


def documents_by_form(node: Any) -> Iterator[Any]:
    """Policy documents anywhere in these properties: maps or JSON text with statements that have an effect."""
    match node:
        case {"Statement": statement} if any(
            isinstance(body, dict) and "Effect" in body for body in as_list(statement)
        ):
            yield node
        case {"Fn::Join": ["", list() as pieces]} if _may_hold_policy("".join(p for p in pieces if isinstance(p, str))):
            yield from _documents_in_text(text_of(node))
        case {"Fn::Sub": str() as text} | {"Fn::Sub": [str() as text, dict()]} if _may_hold_policy(text):
            yield node
        case dict():
            for value in node.values():
                yield from documents_by_form(value)
        case list():
            for item in node:
                yield from documents_by_form(item)
        case str() if _may_hold_policy(node):
            yield from _documents_in_text(node)
        case _:
            pass


def _may_hold_policy(text: str) -> bool:
    return '"Statement"' in text and '"Effect"' in text and text.lstrip()[:1] in ("{", "[")


def _documents_in_text(text: str) -> Iterator[Any]:
    yield from documents_by_form(_json(text))
