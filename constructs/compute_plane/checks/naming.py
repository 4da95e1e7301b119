"""IAM29: the installer may create what begins with the cluster's name, and little else."""

from __future__ import annotations

from collections.abc import Iterator

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

NAMES = {
    "AWS::Events::Rule": "Name",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
}
INITIAL = "initial-"
"""Document 000 lets its installer make roles `tfy-*` and `initial-*`: the role of managed nodes is called so."""


def names(template: Template) -> Iterator[Finding]:
    """A resource without a name gets one that begins with its stack's, and so with the cluster's."""
    facts = template.facts
    if not facts.cluster_name:
        return
    for logical_id, properties in template.of_type(*NAMES):
        kind = NAMES[template.type_of(logical_id) or ""]
        if kind not in properties:
            continue
        name = flatten(properties[kind])
        begins = name == facts.cluster_name or name.startswith(f"{facts.cluster_name}-")
        if not begins and (kind, name) not in (("RoleName", facts.node_role), ("RoleName", facts.cross_account_role)):
            yield Finding(logical_id, f"{kind}::{name}")
        elif facts.name_prefix and not name.startswith((facts.name_prefix, INITIAL)):
            yield Finding(logical_id, f"Prefix::{name}")


RULES = (
    Rule(
        id="IAM29",
        title="Names are those that the installer may create",
        why='000: «"arn:aws:iam::$ACCOUNT_ID:role/tfy-*"»; 000: «<cluster_name>-platform-iam-role»',
        fix="Take the name from names.py, where each begins with the cluster's (which begins with iam.name_prefix), "
        "or leave it out.",
        check=names,
        severity="warning",
    ),
)
