"""Whether a resource is the plane's own: a reference, a thing it was configured with, or a name no other plane has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.arns import OWN, SECTIONS, pattern_of
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.template import Template

KINDS = {
    "cloudformation": ("stack/",),
    "dynamodb": ("table/",),
    "ecr": ("repository/",),
    "eks": ("access-entry/", "addon/", "cluster/", "fargateprofile/", "identityproviderconfig/", "nodegroup/"),
    "events": ("rule/",),
    "iam": ("instance-profile/", "oidc-provider/", "policy/", "role/"),
    "lambda": ("function:",),
    "logs": ("log-group:",),
    "rds": ("db:",),
    "s3": ("",),
    "secretsmanager": ("secret:",),
    "sns": ("",),
    "sqs": ("",),
    "ssm": ("parameter/",),
}
"""What stands before a name in the ARNs of a service. Of other kinds only a reference is known to be ours."""
KIND = re.compile(r"[\w-]+[/:]")
ACCOUNT, REGION = "<AccountId>", "<Region>"


def is_own(template: Template, resource: Any) -> bool:
    """Nothing that begins with `<cluster>-` is ours for that alone: it may be a cluster with a longer name."""
    pattern, facts = pattern_of(template, resource), template.facts
    if _begins(pattern, OWN) or pattern in facts.arns:
        return True
    parts = pattern.split(":", SECTIONS)
    return len(parts) > SECTIONS and _is_here(facts, parts) and _is_ours(facts, parts[2], parts[SECTIONS])


def is_readable(template: Template, resource: Any) -> bool:
    """What is ours, and the buckets of others whose data the plane was configured to read."""
    parts = pattern_of(template, resource).split(":", SECTIONS)
    bucket = parts[SECTIONS].partition("/")[0] if len(parts) > SECTIONS and parts[2] == "s3" else ""
    return bucket in template.facts.data_buckets or is_own(template, resource)


def is_own_account(facts: PlaneFacts, account: str) -> bool:
    """As `pattern_of` writes it. A number is nobody's account while the account of the deployment is unknown."""
    return account == ACCOUNT or (account != "" and account == facts.account)


def _is_here(facts: PlaneFacts, parts: list[str]) -> bool:
    """In the plane's account and region; S3 and Route 53 name neither."""
    service, region, account = parts[2:SECTIONS]
    return (
        not re.search(r"[*?]", service + region + account)
        and (account == "" or is_own_account(facts, account))
        and (region in ("", REGION) or facts.region in (None, region))
    )


def _is_ours(facts: PlaneFacts, service: str, rest: str) -> bool:
    exact = {
        "iam": [f"policy/{facts.boundary}"],
        "route53": [f"hostedzone/{zone}" for zone in facts.hosted_zones],
    }
    prefixes = {"ecr": f"repository/{facts.repository_prefix}", "ssm": f"parameter/{facts.secret_prefix}"}
    if rest in exact.get(service, []) or (service in prefixes and rest.startswith(prefixes[service])):
        return True
    known = [name for name in (facts.cluster_name, *facts.names) if name]
    return any(_begins(name, one) for name in _names(facts, service, rest) for one in known) or any(
        _begins(name, OWN) for name in (*_names(facts, service, rest), *_unnamed(service, rest))
    )


def _names(facts: PlaneFacts, service: str, rest: str) -> Iterator[str]:
    """The name in the last part of an ARN, without what says of which kind and below which path it is."""
    for kind in KINDS.get(service, ()):
        if rest.startswith(kind):
            name = rest.removeprefix(kind)
            yield name.removeprefix(facts.role_path[1:]) if kind == "role/" else name


def _unnamed(service: str, rest: str) -> Iterator[str]:
    """What follows the word for its kind, of a kind that is not listed."""
    if service not in KINDS and (kind := KIND.match(rest)):
        yield rest[kind.end() :]


def _begins(name: str, known: str) -> bool:
    """The known name itself, or what lies below it: none of the separators can be a part of a name."""
    return name == known or name.startswith((f"{known}/", f"{known}:", f"{known}."))
