"""Whether a statement that allows tagging lets nobody claim, by a tag, what is another's."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from compute_plane.checks.pins import (
    REQUEST_TAG,
    RESOURCE_TAG,
    Test,
    names_cluster,
    pinned_by_arn,
    tag_tests,
    tests,
)
from compute_plane.checks.statements import Statement
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

TAGS_ANYTHING = "CreateTags"
"""The one action of EC2 that tags and creates nothing."""


def forges_nothing(template: Template, statement: Statement) -> bool:
    """While something is created; or on what is ours, keeping its owner; or on an interface of our VPC."""
    lines = list(tests(statement))
    if any(_while_creating(test) for test in lines) or _creates_secret(statement, lines):
        return True
    if owners := _owner_tags(template, statement):
        return all(any(_keeps(template, test, owner) for test in lines) for owner in owners)
    if pinned_by_arn(template, statement):
        # The CNI marks the first interface of an instance, which EC2 makes without a tag of ours.
        return all(":network-interface/" in written for written in statement.resources)
    return False


def _while_creating(test: Test) -> bool:
    values = [flatten(value) for value in test.values]
    return (
        test.key.lower().endswith(":createaction")
        and test.base in ("StringEquals", "StringLike")
        and test.needs_the_key
        and not any(re.search(r"[*?]", value) or value == TAGS_ANYTHING for value in values)
    )


def _creates_secret(statement: Statement, lines: list[Test]) -> bool:
    """A secret has an identifier from its creation on, and Secrets Manager tells no action that creates."""
    without_id = any(
        test.key.lower() == "secretsmanager:secretid" and test.base == "Null" and not test.needs_the_key
        for test in lines
    )
    return without_id and all(action.lower().startswith("secretsmanager:") for action in statement.actions)


def _owner_tags(template: Template, statement: Statement) -> list[str]:
    """The tags by which the statement knows what is this cluster's."""
    return [
        tag
        for test, tag in tag_tests(statement, RESOURCE_TAG)
        if test.needs_the_key and names_cluster(test, tag, template.facts.cluster_name)
    ]


def _keeps(template: Template, test: Test, owner: str) -> bool:
    """Whether the request cannot give this tag another value."""
    found = REQUEST_TAG.fullmatch(test.key)
    if found and found["tag"].lower() == owner.lower():
        absent = test.base == "Null" and not test.needs_the_key
        return absent or (test.base == "StringEquals" and names_cluster(test, owner, template.facts.cluster_name))
    values = [flatten(value) for value in test.values]
    if test.key.lower() != "aws:tagkeys" or not test.operator.startswith("ForAllValues:String"):
        return False
    named = any(fnmatchcase(owner.lower(), value.lower()) for value in values)
    return named if "Not" in test.base else not named
