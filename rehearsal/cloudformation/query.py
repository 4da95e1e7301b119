"""The AWS query protocol: form fields in, XML out."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


def nested(form: Mapping[str, str]) -> dict[str, Any]:
    """`Tags.member.1.Key=a` and its like as lists and dictionaries."""
    tree: dict[str, Any] = {}
    for name, value in form.items():
        parts = [part for part in name.split(".") if part != "member"]
        node = tree
        for part in parts[:-1]:
            node = node.setdefault(part, {})
        node[parts[-1]] = value
    return {name: _lists(value) for name, value in tree.items()}


def answer(operation: str, result: Mapping[str, Any] | None, request_id: str) -> str:
    """A call's result."""
    body = f"<{operation}Result>{_element(result or {})}</{operation}Result>"
    metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    return f'<{operation}Response xmlns="{NAMESPACE}">{body}{metadata}</{operation}Response>'


def refusal(code: str, message: str, request_id: str) -> str:
    """A call's error."""
    error = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    return (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>'
    )


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(str(key).isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(element) for key, element in value.items()}


def _element(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{_element(one)}</{key}>" for key, one in value.items() if one is not None)
    if isinstance(value, list):
        return "".join(f"<member>{_element(one)}</member>" for one in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))
