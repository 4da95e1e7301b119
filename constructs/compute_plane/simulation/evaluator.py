"""IAM's decision about one request, from the policies that take part in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.conditions import holds
from compute_plane.simulation.patterns import Context, matches, matches_arn
from compute_plane.simulation.principals import Match, account_of, is_federated, is_service, match

Policy = Mapping[str, Any]
Statement = Mapping[str, Any]
Result = Literal["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"]


@dataclass(frozen=True)
class Request:
    """Who asks for what. `principal` is an ARN or a service; `account` is the one that the resource is in."""

    principal: str
    action: str
    resource: str
    account: str
    context: Context = field(default_factory=dict[str, "str | list[str]"])

    def lower(self) -> Context:
        """The context with its keys in lower case."""
        return {key.lower(): value for key, value in self.context.items()}


@dataclass(frozen=True)
class Policies:
    """The documents that IAM reads for a request; those of the organization are not in templates."""

    identity: Sequence[Policy] = ()
    boundary: Policy | None = None
    resource: Policy | None = None


@dataclass(frozen=True)
class Decision:
    """`sid` is that of the statement that decided; None when none did, or when it has none."""

    result: Result
    sid: str | None = None

    @property
    def allowed(self) -> bool:
        return self.result == "Allowed"


def evaluate(request: Request, policies: Policies) -> Decision:
    """A Deny anywhere wins; then identity, boundary and resource policies are joined as IAM joins them."""
    context = request.lower()
    identity = [found for policy in policies.identity for found in _applying(policy, request, context)]
    boundary = list(_applying(policies.boundary, request, context)) if policies.boundary else []
    resource = [
        (statement, how)
        for statement in _applying(policies.resource, request, context)
        if (how := _who(statement, request))
    ]
    for statement in [*identity, *boundary, *(statement for statement, _ in resource)]:
        if statement["Effect"] == "Deny":
            return Decision("ExplicitlyDenied", statement.get("Sid"))
    own = next(iter(identity), None)
    direct = next((statement for statement, how in resource if how == "itself"), None)
    passed_on = next((statement for statement, _ in resource), None)
    if is_service(request.principal) or is_federated(request.principal):
        return _decision(direct)
    if policies.boundary and not boundary:
        # It limits what a resource gives to a role's ARN too; only sessions are beyond it.
        own = direct = None
    if account_of(request.principal) != request.account:
        return _decision(own if passed_on else None)
    if _needs_resource_policy(request.action):
        return _decision(direct or (own if passed_on else None))
    return _decision(own or direct)


def _decision(statement: Statement | None) -> Decision:
    return Decision("Allowed", statement.get("Sid")) if statement else Decision("ImplicitlyDenied")


def _needs_resource_policy(action: str) -> bool:
    """A role's trust and a key's policy decide alone whether the policies of identities count."""
    return action.lower().startswith(("sts:assumerole", "sts:tagsession", "kms:"))


def _applying(policy: Policy | None, request: Request, context: Context) -> Iterator[Statement]:
    for statement in as_list((policy or {}).get("Statement")):
        if applies(statement, request, context):
            yield statement


def applies(statement: Statement, request: Request, context: Context) -> bool:
    """Whether a statement speaks of this action, on this resource, under these conditions."""
    return (
        _speaks_of_action(statement, request.action)
        and _speaks_of_resource(statement, request.resource, context)
        and holds(statement.get("Condition") or {}, context)
    )


def _speaks_of_action(statement: Statement, action: str) -> bool:
    negated = "NotAction" in statement
    listed = as_list(statement["NotAction" if negated else "Action"])
    return any(matches(pattern, action, {}, ignore_case=True) for pattern in listed) != negated


def _speaks_of_resource(statement: Statement, resource: str, context: Context) -> bool:
    """A trust policy and a file system's have no resource: they speak of what they are attached to."""
    if "Resource" not in statement and "NotResource" not in statement:
        return True
    negated = "NotResource" in statement
    listed = as_list(statement["NotResource" if negated else "Resource"])
    return any(pattern == "*" or matches_arn(pattern, resource, context) for pattern in listed) != negated


def _who(statement: Statement, request: Request) -> Match | None:
    return match(statement, request.principal)
