"""IAM28: a pod cannot reach the metadata service of its node, and so not the node's role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rendered import node_classes, objects
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
NODE_GROUP = "AWS::EKS::Nodegroup"
INSTANCES = ("AWS::EC2::Instance", "AWS::AutoScaling::LaunchConfiguration")


def metadata_service(template: Template) -> Iterator[Finding]:
    for logical_id, properties in template.of_type(LAUNCH_TEMPLATE):
        options = (properties.get("LaunchTemplateData") or {}).get("MetadataOptions") or {}
        yield from _wrong(logical_id, options.get("HttpTokens"), options.get("HttpPutResponseHopLimit"))
    for logical_id, properties in template.of_type(NODE_GROUP):
        if not properties.get("LaunchTemplate"):
            yield Finding(logical_id, "Missing::LaunchTemplate")
    for logical_id, properties in template.of_type(*INSTANCES):
        launch_template = properties.get("LaunchTemplate") or {}
        referred = template.referred_to(launch_template.get("LaunchTemplateId"))
        if "MetadataOptions" in properties or template.type_of(referred or "") != LAUNCH_TEMPLATE:
            options = properties.get("MetadataOptions") or {}
            yield from _wrong(logical_id, options.get("HttpTokens"), options.get("HttpPutResponseHopLimit"))
    for logical_id, applied in objects(template):
        if applied is None:
            yield Finding(logical_id, "Unreadable::Manifest")
    for logical_id, spec in node_classes(template):
        options = spec.get("metadataOptions") or {}
        yield from _wrong(logical_id, options.get("httpTokens"), options.get("httpPutResponseHopLimit"))


def _wrong(logical_id: str, tokens: Any, hop_limit: Any) -> Iterator[Finding]:
    if tokens != "required":
        yield Finding(logical_id, f"HttpTokens::{tokens or 'missing'}")
    if str(hop_limit) != "1":
        yield Finding(logical_id, f"HttpPutResponseHopLimit::{hop_limit or 'missing'}")


RULES = (
    Rule(
        id="IAM28",
        title="Pods cannot take the node's role",
        why="003: «This ensures that all worker nodes have the required permissions to work with the "
        "Autoscaler.», and so would every pod on them",
        fix="HttpTokens: required and HttpPutResponseHopLimit: 1, in launch templates, EC2NodeClasses and "
        "instances; every node group has a launch template.",
        check=metadata_service,
    ),
)
