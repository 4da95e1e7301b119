"""PIN3: policies go to roles of their own template, and machines and pods get roles of this plane."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.controllers import role_uses
from compute_plane.checks.holders import ROLE
from compute_plane.checks.identities import is_output
from compute_plane.checks.own import is_own
from compute_plane.checks.rendered import node_classes
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import trusts
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

POLICIES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy")
PROFILE = "AWS::IAM::InstanceProfile"
MADE_HERE = re.compile(r"<(\w+)\.Arn>")
OUTPUT = '{"Fn::GetStackOutput":'
"""How a reference to another stack of this app begins, as `flatten` writes it into text."""


def handed_out(template: Template) -> Iterator[Finding]:
    yield from _attached(template)
    yield from _to_instances(template)
    for logical_id, role, _ in role_uses(template):
        if not _is_our_role(template, role):
            yield Finding(logical_id, f"Pod::{flatten(role)}")


def _attached(template: Template) -> Iterator[Finding]:
    """A role of another template would hold what the rules over that template never see."""
    for logical_id, properties in template.of_type(*POLICIES):
        for name in template.attachments(properties):
            if template.type_of(template.role_named(name) or "") != ROLE:
                yield Finding(logical_id, f"Attached::{flatten(name)}")


def _to_instances(template: Template) -> Iterator[Finding]:
    for logical_id, properties in template.of_type(PROFILE):
        for name in template.attachments(properties):
            role = template.role_named(name)
            if role is None or not trusts(template, role, "ec2"):
                yield Finding(logical_id, f"Instance::{flatten(name)}")
    known = {"", *template.facts.names, *_names_made_here(template)}
    for logical_id, spec in node_classes(template):
        for name in sorted({flatten(spec.get(key)) for key in ("instanceProfile", "role")} - known):
            yield Finding(logical_id, f"Node::{name}")


def _names_made_here(template: Template) -> Iterator[str]:
    """Of profiles of roles for instances, which `_to_instances` sees to; a Ref gives such a name, too."""
    for logical_id, properties in template.of_type(PROFILE):
        yield from (flatten(properties.get("InstanceProfileName")), f"<{logical_id}>")


def _is_our_role(template: Template, role: Any) -> bool:
    """By reference, by an output of another of our stacks, or by a name that the plane gives."""
    text = flatten(role)
    if made_here := MADE_HERE.fullmatch(text):
        return template.type_of(made_here[1]) == ROLE
    if logical_id := template.referred_to(role):
        return template.type_of(logical_id) == ROLE
    return is_output(role) or text.startswith(OUTPUT) or is_own(template, _as_text(text))


def _as_text(text: str) -> str:
    """As `is_own` reads an ARN: with pseudo parameters as CloudFormation writes them in text."""
    return re.sub(r"<(AWS::\w+)>", r"${\1}", text)


RULES = (
    Rule(
        id="PIN3",
        title="Policies, machines and pods get roles of this plane",
        why="000: «Role assumed by EKS nodes to work with the AWS resources for these purposes»; a role by any other "
        "name is one whose permissions no rule has read",
        fix="Attach a policy to a role of its own template, by reference or by that role's literal name. Give an "
        "instance profile a role of its template that EC2 may assume, an EC2NodeClass a profile of the plane, and a "
        "service account a role of the plane.",
        check=handed_out,
    ),
)
