"""Writes CloudFormation references as cdk-nag writes them in its findings, so that both can be compared."""

from __future__ import annotations

import json
from typing import Any


def flatten(reference: Any) -> str:
    """`{"Fn::GetAtt": ["Key", "Arn"]}` is `<Key.Arn>`, `{"Ref": "AWS::Region"}` is `<AWS::Region>`."""
    match reference:
        case None:
            return ""
        case str():
            return reference.replace("${", "<").replace("}", ">")
        case {"Fn::Join": [str() as delimiter, list() as items]}:
            return delimiter.join(flatten(item) for item in items)
        case {"Fn::Sub": text}:
            return flatten(text)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{flatten(resource)}.{flatten(attribute)}>"
        case {"Fn::ImportValue": export}:
            return flatten(export)
        case {"Ref": name}:
            return f"<{flatten(name)}>"
        case _:
            return json.dumps(reference, separators=(",", ":"), ensure_ascii=False)


def as_list(value: Any) -> list[Any]:
    """IAM writes a list of one as the thing itself."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
