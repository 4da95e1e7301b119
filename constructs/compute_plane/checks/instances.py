"""IAM28: a pod cannot reach the metadata service of its node, and so not the node's role."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
NODE_GROUP = "AWS::EKS::Nodegroup"
MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"


def metadata_service(template: Template) -> Iterator[Finding]:
    for logical_id, properties in template.of_type(LAUNCH_TEMPLATE):
        options = (properties.get("LaunchTemplateData") or {}).get("MetadataOptions") or {}
        yield from _wrong(logical_id, options.get("HttpTokens"), options.get("HttpPutResponseHopLimit"))
    for logical_id, properties in template.of_type(NODE_GROUP):
        if not properties.get("LaunchTemplate"):
            yield Finding(logical_id, "Missing::LaunchTemplate")
    for logical_id, properties in template.of_type(MANIFEST):
        objects = manifests(properties)
        if objects is None:
            yield Finding(logical_id, "Unreadable::Manifest")
        for node_class in objects or []:
            if node_class.get("kind") == "EC2NodeClass":
                options = (node_class.get("spec") or {}).get("metadataOptions") or {}
                yield from _wrong(logical_id, options.get("httpTokens"), options.get("httpPutResponseHopLimit"))


def _wrong(logical_id: str, tokens: Any, hop_limit: Any) -> Iterator[Finding]:
    if tokens != "required":
        yield Finding(logical_id, f"HttpTokens::{tokens or 'missing'}")
    if str(hop_limit) != "1":
        yield Finding(logical_id, f"HttpPutResponseHopLimit::{hop_limit or 'missing'}")


def manifests(properties: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The Kubernetes objects of a manifest, with `token` for each reference; None where it is no JSON."""
    text = properties.get("Manifest")
    match text:
        case {"Fn::Join": ["", list() as pieces]}:
            text = "".join(piece if isinstance(piece, str) else "token" for piece in pieces)
        case str():
            pass
        case _:
            return None
    try:
        return [item for item in as_list(json.loads(text)) if isinstance(item, dict)]
    except ValueError:
        return None


RULES = (
    Rule(
        id="IAM28",
        title="Pods cannot take the node's role",
        why="003: «This ensures that all worker nodes have the required permissions to work with the "
        "Autoscaler.», and so would every pod on them",
        fix="HttpTokens: required and HttpPutResponseHopLimit: 1, in launch templates and EC2NodeClasses; "
        "every node group has a launch template.",
        check=metadata_service,
    ),
)
