"""Reads the JSON that CDK renders into a template: Helm values, Kubernetes manifests, printed policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

CHART = "Custom::AWSCDK-EKS-HelmChart"
MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"


def json_of(value: Any) -> Any:
    """The content of JSON text, with each reference written as `flatten` writes it; None where it is no JSON."""
    match value:
        case str():
            text = value
        case {"Fn::Join": ["", list() as pieces]}:
            text = "".join(piece if isinstance(piece, str) else _escaped(piece) for piece in pieces)
        case _:
            return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _escaped(reference: Any) -> str:
    return json.dumps(flatten(reference))[1:-1]


def objects(template: Template) -> Iterator[tuple[str, list[Mapping[str, Any]] | None]]:
    """Logical ids and Kubernetes objects of the manifests; None for one that cannot be read."""
    for logical_id, properties in template.of_type(MANIFEST):
        content = [each for item in as_list(json_of(properties.get("Manifest"))) for each in _items(item)]
        readable = content and all(isinstance(each, dict) and _kind_is_known(each) for each in content)
        yield logical_id, content if readable else None


def _items(item: Any) -> list[Any]:
    """A Kubernetes List holds objects of its own."""
    listed = isinstance(item, dict) and item.get("kind") == "List"
    return as_list(item.get("items")) if listed else [item]


def _kind_is_known(item: Mapping[str, Any]) -> bool:
    kind = item.get("kind")
    return isinstance(kind, str) and kind.isalnum()


def helm_values(template: Template) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    """Logical ids and values of the releases; None for values that cannot be read."""
    for logical_id, properties in template.of_type(CHART):
        content = json_of(properties.get("Values", "{}"))
        yield logical_id, content if isinstance(content, dict) else None


def node_classes(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Logical ids and specs of the EC2NodeClasses, in manifests and at any depth of the values of releases."""
    applied = ((logical_id, content or []) for logical_id, content in objects(template))
    values = ((logical_id, content or {}) for logical_id, content in helm_values(template))
    for logical_id, content in [*applied, *values]:
        for each in _maps(content):
            if each.get("kind") == "EC2NodeClass" and {"metadata", "spec"} & set(each):  # not a NodePool's reference
                yield logical_id, each.get("spec") or {}


def _maps(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _maps(value)
    elif isinstance(node, list):
        for item in node:
            yield from _maps(item)
