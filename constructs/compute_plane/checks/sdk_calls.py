"""PIN4: custom resources call nothing that changes who may do what; such calls leave no policy in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.rendered import json_of
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

SDK_CALL = "Custom::AWS"
CALLS = ("Create", "Update", "Delete")
"""Where CDK's AwsCustomResource puts each call, as JSON text."""
ABOUT_PERMISSIONS = {"iam", "organizations", "sso-admin", "sts"}
READS = re.compile(r"(get(?!FederationToken|SessionToken)|list|simulate|describe)[A-Z]\w*")
ELSEWHERE = re.compile(
    r"(put|set|add|remove|delete)\w*(Policy|Permission)|createGrant|\w*(AccessEntry|AccessPolicy|PodIdentityAssociation)"
)
"""Actions of other services that let somebody in: a resource's policy, a grant on a key, entries of a cluster."""


def calls_of_custom_resources(template: Template) -> Iterator[Finding]:
    for logical_id, resource in template.resources.items():
        if not resource["Type"].startswith(("Custom::", "AWS::CloudFormation::CustomResource")):
            continue
        properties = resource.get("Properties") or {}
        for key in CALLS:
            if key in properties and (detail := _wrong(resource["Type"], properties[key])):
                yield Finding(logical_id, detail)


def _wrong(resource_type: str, value: Any) -> str | None:
    call = json_of(value)
    if not isinstance(call, dict) or not {"service", "action"} <= set(call):
        return f"Unreadable::{flatten(value)[:100]}" if resource_type == SDK_CALL else None
    service = str(call["service"]).lower().removeprefix("@aws-sdk/client-")
    action = str(call["action"]).removesuffix("Command")
    action = action[:1].lower() + action[1:]
    if service in ABOUT_PERMISSIONS:
        return None if READS.fullmatch(action) else f"{service}:{action}"
    return f"{service}:{action}" if ELSEWHERE.fullmatch(action) else None


RULES = (
    Rule(
        id="PIN4",
        title="No custom resource changes who may do what",
        why="What a function does by a call while the stack is deployed, no rule over policies can read",
        fix="Make the role, policy, grant or access entry as a resource of CloudFormation.",
        check=calls_of_custom_resources,
    ),
)
