"""IAM9: people and programs come with roles; nothing here has a password or a key that lasts."""

from __future__ import annotations

from collections.abc import Iterator

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template

LASTING = (
    "AWS::IAM::AccessKey",
    "AWS::IAM::Group",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::User",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::UserToGroupAddition",
)


def no_users(template: Template) -> Iterator[Finding]:
    for logical_id, _ in template.of_type(*LASTING):
        yield Finding(logical_id, f"Type::{template.type_of(logical_id)}")
    for logical_id, properties in template.of_type("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        for holders in ("Groups", "Users"):
            if properties.get(holders):
                yield Finding(logical_id, f"Attached::{holders}")


RULES = (
    Rule(
        id="IAM9",
        title="No IAM users, groups or access keys",
        why="004: «We strongly recommend to NOT USE your root user to deploy the Compute Gateway»; 001: "
        "«provide the access key and secret key for the user»",
        fix="Make a role, trusted to whoever needs it.",
        check=no_users,
    ),
)
