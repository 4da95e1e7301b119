"""IAM2 and IAM3: statements that grant more than they need, and statements that grant nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compute_plane.checks.actions import Action, ResourceType
from compute_plane.checks.arns import can_be, is_star, pattern_of
from compute_plane.checks.pins import Test, tests
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import allowed
from compute_plane.checks.template import Template

REGIONS = ("aws:requestedregion", "sts:awsservicename")
"""A bearer token is for one service, which has its own region."""
WITHOUT_REGION = {"account", "cloudfront", "globalaccelerator", "iam", "organizations", "pricing", "route53", "shield"}
"""Services with one endpoint for all regions, which need not be the plane's own."""
GLOBAL_KEY = re.compile(
    r"aws:(Principal.*|Source.*|RequestedRegion|CalledVia.*|ViaAWSService|SecureTransport|CurrentTime|EpochTime|"
    r"MultiFactorAuth.*|TokenIssueTime|FederatedProvider|userid|username|UserAgent|referer|Resource(Account|Org.*)|"
    r"VpcSourceIp|Ec2InstanceSource.*)",
    re.IGNORECASE,
)


def avoidable_stars(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        stars = [written for written, resource in statement.targets if is_star(pattern_of(template, resource))]
        if not stars:
            continue
        in_region = any(test.key.lower() in REGIONS and test.needs_the_key for test in tests(statement))
        for written in dict.fromkeys(
            written for written, action in statement.known_actions() if _is_wide(action, in_region)
        ):
            yield from (statement.finding(f"{written}::{star}") for star in stars)


def _is_wide(action: Action, in_region: bool) -> bool:
    """Writing wants a resource; reading wants the plane's region at least, where the service has regions."""
    if action.mutates and action.resource_types:
        return True
    everywhere = action.name.partition(":")[0] in WITHOUT_REGION and not action.resource_types
    return not (in_region or everywhere)


def dead_grants(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        patterns = {written: pattern_of(template, resource) for written, resource in statement.targets}
        needed = [test for test in tests(statement) if test.needs_the_key]
        dead: dict[str, None] = {}
        alive: set[str] = set()
        for written, action in statement.known_actions():
            found = list(_reasons(action, patterns, needed))
            dead.update({f"{written}::{reason}": None for reason in found})
            if not found:
                alive.add(written)
        for detail in dead:
            # A pattern is alive while one of the actions that it stands for is.
            if not any(detail.startswith(f"{written}::") for written in alive):
                yield statement.finding(detail)


def _reasons(action: Action, patterns: dict[str, str], needed: list[Test]) -> Iterator[str]:
    """Why a statement never allows the action: the resources that it names in vain, then the condition keys."""
    kinds = [kind for kind in action.resource_types if any(can_be(pattern, kind.arn) for pattern in patterns.values())]
    if not kinds and "*" not in patterns.values():
        yield from patterns
        return
    for test in needed:
        if not _knows(action, kinds, test.key):
            yield test.key


def _knows(action: Action, kinds: list[ResourceType], key: str) -> bool:
    """Whether a request for the action, on one of these kinds of resource, can carry the key."""
    if GLOBAL_KEY.fullmatch(key):
        return True
    known = [*action.own_keys, *(known for kind in kinds for known in kind.condition_keys)]
    return any(_is(key.lower(), one.lower()) for one in known)


def _is(key: str, known: str) -> bool:
    """The reference ends a key of which each tag makes one with `${TagKey}`, or with `tag-key`."""
    beginning = known.partition("${")[0].removesuffix("tag-key")
    return key == known or (beginning != known and key.startswith(beginning))


RULES = (
    Rule(
        id="IAM2",
        title='No avoidable Resource "*"',
        why="003: «The policy allows the external DNS controller to operate within the specified AWS Route 53 "
        'hosted zone»; 001: «"Resource": [ "*" ]»',
        fix="Name the resource, if only its kind (…:instance/*) beside a condition; to actions that read, and to "
        "those without a resource level, add aws:RequestedRegion.",
        check=avoidable_stars,
    ),
    Rule(
        id="IAM3",
        title="No dead grant",
        why="001: «These policies defines some actions, resources, or conditions that do not provide "
        "permissions. To grant access, policies must have an action that has an applicable resource or condition.»",
        fix='Give an action without resource level the resource "*", and each other action a resource of its '
        "own kind and condition keys that its requests carry.",
        check=dead_grants,
    ),
)
