"""What ties a permission to this plane: its resource's name, or a condition that names the cluster or its VPC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.arns import can_be, pattern_of
from compute_plane.checks.own import is_own
from compute_plane.checks.statements import Statement
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

OPERATOR = re.compile(r"(?:(?P<quantifier>ForAllValues|ForAnyValue):)?(?P<base>[A-Za-z]+?)(?P<if_exists>IfExists)?")
RESOURCE_TAG = re.compile(r"[a-z0-9-]+:ResourceTag/(?P<tag>.+)", re.IGNORECASE)
REQUEST_TAG = re.compile(r"[a-z0-9-]+:RequestTag/(?P<tag>.+)", re.IGNORECASE)
ARN_KEYS = ("ec2:vpc", "iam:permissionsboundary", "arc-zonal-shift:resourceidentifier")
"""Keys whose value is the ARN of a thing of the plane, to which the resource of the request belongs."""


@dataclass(frozen=True)
class Test:
    """One line of a condition."""

    operator: str
    key: str
    values: tuple[Any, ...]

    @property
    def base(self) -> str:
        return self._parts["base"] or ""

    @property
    def if_exists(self) -> bool:
        return bool(self._parts["if_exists"])

    @property
    def needs_the_key(self) -> bool:
        """Whether a request without the key is refused, so that the test says something of every request."""
        if self.base == "Null":
            return [flatten(value).lower() for value in self.values] == ["false"]
        return not (self.if_exists or "Not" in self.base or self._parts["quantifier"] == "ForAllValues")

    @property
    def _parts(self) -> dict[str, str | None]:
        found = OPERATOR.fullmatch(self.operator)
        return found.groupdict() if found else {"quantifier": None, "base": self.operator, "if_exists": None}


def tests(statement: Statement) -> Iterator[Test]:
    """The lines of a statement's condition, which must all hold."""
    for operator, keys in (statement.body.get("Condition") or {}).items():
        for key, values in keys.items():
            yield Test(operator, flatten(key), tuple(as_list(values)))


def tag_tests(statement: Statement, expression: re.Pattern[str]) -> Iterator[tuple[Test, str]]:
    """The lines that ask for a tag with an exact or like value, each with the tag's key."""
    for test in tests(statement):
        found = expression.fullmatch(test.key)
        if found and test.base in ("StringEquals", "StringEqualsIgnoreCase", "StringLike"):
            yield test, found["tag"]


def names_cluster(test: Test, tag: str, cluster: str | None) -> bool:
    """A tag of this cluster: its name is a part of the key, or the only value."""
    return cluster is not None and (cluster in tag.split("/") or [flatten(value) for value in test.values] == [cluster])


def pinned_by_resource_tag(template: Template, statement: Statement) -> bool:
    """Only resources that already carry a tag of this cluster."""
    cluster = template.facts.cluster_name
    return any(
        test.needs_the_key and names_cluster(test, tag, cluster) for test, tag in tag_tests(statement, RESOURCE_TAG)
    )


def pinned_by_request_tag(template: Template, statement: Statement) -> bool:
    """Only what the request itself tags as this cluster's: right for what it creates."""
    cluster = template.facts.cluster_name
    return any(
        test.needs_the_key and names_cluster(test, tag, cluster) for test, tag in tag_tests(statement, REQUEST_TAG)
    )


def pinned_by_arn(template: Template, statement: Statement, *, if_exists: bool = False) -> bool:
    """Only what lies in the plane's VPC, or is bound by a boundary of ours."""
    return any(
        test.key.lower() in ARN_KEYS
        and test.base in ("ArnEquals", "ArnLike", "StringEquals")
        and (test.needs_the_key or (if_exists and test.if_exists))
        and all(is_own(template, value) for value in test.values)
        for test in tests(statement)
    )


def pinned_by_condition(template: Template, statement: Statement) -> bool:
    return (
        pinned_by_resource_tag(template, statement)
        or pinned_by_request_tag(template, statement)
        or pinned_by_arn(template, statement)
    )


def can_match(template: Template, resource: Any, arn_format: str) -> bool:
    return can_be(pattern_of(template, resource), arn_format)
