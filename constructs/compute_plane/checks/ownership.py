"""IAM16, IAM17, IAM18 and PIN1: what changes or destroys things names this cluster, and no tag can be forged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from compute_plane.checks.actions import Action
from compute_plane.checks.own import is_own, is_readable
from compute_plane.checks.pins import (
    RESOURCE_TAG,
    pinned_by_arn,
    pinned_by_condition,
    pinned_by_resource_tag,
    tag_tests,
)
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.sharing import pinned_elsewhere
from compute_plane.checks.statements import Statement, allowed
from compute_plane.checks.tagging import forges_nothing
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

DESTRUCTIVE = {
    "ec2": re.compile(
        r"(Terminate|Delete|Detach|Modify|Revoke|Disassociate|Release|Replace|Reset|Stop|Reboot)(?!Tags)"
    ),
    "elasticloadbalancing": re.compile(r"Delete|Modify|Set|Deregister|Remove(?!Tags)"),
}
AUTOSCALER = "k8s.io/cluster-autoscaler/"
CLUSTER_API = "sigs.k8s.io/cluster-api-provider-aws/cluster/"
HAVE_A_RULE = ("iam:CreateServiceLinkedRole",)
"""IAM6 pins it by role and service."""
READS_DATA = frozenset(
    {
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:Query",
        "dynamodb:Scan",
        "ebs:GetSnapshotBlock",
        "ebs:ListChangedBlocks",
        "ebs:ListSnapshotBlocks",
        "ec2:GetConsoleOutput",
        "ec2:GetConsoleScreenshot",
        "ec2:GetPasswordData",
        "eks:AccessKubernetesApi",
        "kinesis:GetRecords",
        "lambda:GetFunction",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:GetQueryResults",
        "logs:StartQuery",
        "rds:DownloadCompleteDBLogFile",
        "rds:DownloadDBLogFilePortion",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "sqs:ReceiveMessage",
    }
)
"""What reads not how a thing is set up but what is in it, or who uses it; IAM23 has secrets and parameters."""


def autoscaling_writes(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if _owned_groups(template, statement):
            continue
        yield from _of_actions(template, statement, _changes_group)


def _changes_group(action: Action) -> bool:
    service, _, name = action.name.partition(":")
    by_tag = any(key.startswith("autoscaling:ResourceTag") for key in action.condition_keys)
    return service == "autoscaling" and action.access_level == "Write" and by_tag and not name.startswith("Create")


def _owned_groups(template: Template, statement: Statement) -> bool:
    """Both tags of the autoscaler, or the owner tag of Cluster API, whose groups the autoscaler never sees."""
    cluster = template.facts.cluster_name
    tags = {
        (tag, flatten(value))
        for test, tag in tag_tests(statement, RESOURCE_TAG)
        for value in test.values
        if test.needs_the_key and test.base == "StringEquals" and len(test.values) == 1
    }
    both = {(f"{AUTOSCALER}enabled", "true"), (f"{AUTOSCALER}{cluster}", "owned")}
    return both <= tags or (f"{CLUSTER_API}{cluster}", "owned") in tags


def destructive_actions(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if pinned_by_resource_tag(template, statement) or pinned_by_arn(template, statement):
            continue
        yield from _of_actions(template, statement, _destroys)


def _destroys(action: Action) -> bool:
    service, _, name = action.name.partition(":")
    return service in DESTRUCTIVE and action.mutates and DESTRUCTIVE[service].match(name) is not None


def tagging(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if not forges_nothing(template, statement):
            yield from _of_actions(template, statement, _tags)


def _tags(action: Action) -> bool:
    return action.access_level == "Tagging" and len(action.resource_types) > 0


def _of_actions(template: Template, statement: Statement, is_meant: Callable[[Action], bool]) -> Iterator[Finding]:
    """One finding for each action as it is written and each resource that is not ours by its name."""
    for written in dict.fromkeys(written for written, action in statement.known_actions() if is_meant(action)):
        for text, resource in statement.targets:
            if not is_own(template, resource):
                yield statement.finding(f"{written}::{text}")


def unpinned(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        if pinned_by_condition(template, statement):
            continue
        for text, resource in statement.targets:
            if is_own(template, resource):
                continue
            readable = is_readable(template, resource)
            found = {
                written: None
                for written, action in statement.known_actions()
                if _matters(action, readable=readable) and not pinned_elsewhere(template, statement, action, resource)
            }
            for written in found:
                yield statement.finding(f"{written}::{text}")


def _matters(action: Action, *, readable: bool) -> bool:
    changes = action.mutates and action.name not in HAVE_A_RULE
    return changes or (action.name in READS_DATA and not readable)


RULES = (
    Rule(
        id="IAM16",
        title="Auto Scaling writes need both tags",
        why="003: «The policy also includes conditions to ensure that the Cluster Autoscaler can only modify "
        "resources with specific tags.»",
        fix=f"StringEquals on aws:ResourceTag/{AUTOSCALER}enabled: true and on aws:ResourceTag/{AUTOSCALER}<cluster>: "
        "owned; for groups of Cluster API on its owner tag.",
        check=autoscaling_writes,
    ),
    Rule(
        id="IAM17",
        title="Destructive EC2 and load balancing actions need an owner tag",
        why="000: «Role assumed by Karpenter to dynamically provision nodes.»; 003: «It also allows the controller "
        "to create and delete load balancers, target groups, and listeners»",
        fix="A condition on a resource tag with this cluster's name, or on ec2:Vpc with this plane's VPC; a test "
        "that a tag merely exists admits every cluster.",
        check=destructive_actions,
    ),
    Rule(
        id="IAM18",
        title="Tagging cannot forge ownership",
        why="003: «the document permits the addition and removal of tags for ELBV2 resources»",
        fix="Allow tags only while something is created (…:CreateAction), or on resources with this cluster's tag "
        "and with a condition on aws:TagKeys or aws:RequestTag.",
        check=tagging,
    ),
    Rule(
        id="PIN1",
        title="Every permission to change something, or to read its data, names this plane",
        why="One cluster's controller must not reach what another cluster, or another team, owns in the account",
        fix="Name the resource, or add a condition on a tag with this cluster's name (of the resource, or of the "
        "request that creates it) or on this plane's VPC.",
        check=unpinned,
    ),
)
