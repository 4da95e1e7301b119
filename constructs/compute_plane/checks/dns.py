"""IAM19: DNS changes are limited to zones and to names in them."""

from __future__ import annotations

from collections.abc import Iterator, Set

from compute_plane.checks.arns import can_be, pattern_of
from compute_plane.checks.own import is_own
from compute_plane.checks.pins import Test, tests
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import Statement, allowed
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

CHANGE = "route53:ChangeResourceRecordSets"
ZONE = "arn:${Partition}:route53:::hostedzone/${Id}"
NAMES = "route53:changeresourcerecordsetsnormalizedrecordnames"


def zones(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        found = [(w, a) for w, a in statement.known_actions() if any(kind.arn == ZONE for kind in a.resource_types)]
        for written in dict.fromkeys(written for written, action in found if action.mutates or _reads(action.name)):
            for text, resource in statement.targets:
                if can_be(pattern_of(template, resource), ZONE) and not is_own(template, resource):
                    yield statement.finding(f"{written}::{text}")
        for written in dict.fromkeys(written for written, action in found if action.name == CHANGE):
            if not _names_records(template, statement):
                yield statement.finding(f"{written}::record names")


def _reads(name: str) -> bool:
    """What stands in a zone is nobody else's business; that a zone exists, external-dns must find out."""
    return name == "route53:ListResourceRecordSets"


def _names_records(template: Template, statement: Statement) -> bool:
    """A request without the key passes ForAllValues, so the key must also be there."""
    on_names = [test for test in tests(statement) if test.key.lower() == NAMES]
    return any(_is_narrow(test, template.facts.domains) for test in on_names) and any(
        test.needs_the_key for test in on_names
    )


def _is_narrow(test: Test, domains: Set[str]) -> bool:
    """Each name is a domain of the configuration, or lies below one whatever a wildcard in front stands for."""
    values = [flatten(value) for value in test.values]
    return (
        test.operator in ("ForAllValues:StringEquals", "ForAllValues:StringLike")
        and bool(values)
        and all(any(value == domain or value.endswith(f".{domain}") for domain in domains) for value in values)
    )


RULES = (
    Rule(
        id="IAM19",
        title="DNS changes are limited to the configured zones",
        why="003: «The policy allows the external DNS controller to operate within the specified AWS Route 53 "
        "hosted zone, such as changing resource record sets»",
        fix="Name the zones' ARNs, and limit record names with ForAllValues on "
        "route53:ChangeResourceRecordSetsNormalizedRecordNames, to the configured domains and what lies below them, "
        "together with Null: false.",
        check=zones,
    ),
)
