"""Turns the rows of a table into requests on one plane, with the policies that decide them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from compute_plane.simulation.evaluator import Decision, Policies, Policy, Request
from compute_plane.simulation.keys import known_keys
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.plane import Plane, Role
from compute_plane.simulation.principals import account_of, is_service
from compute_plane.simulation.tables import ATTACKS, Attack, Expected, Row, Table, Thing, Whose
from compute_plane.simulation.values import OTHER_REGION, Concrete, Values

ANYTHING: Policy = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Anything", "Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class Case:
    """One request with its policies and what is expected; `line` says which row of which table it is from."""

    line: str
    request: Request
    policies: Policies
    expected: Expected
    attack: Attack | None = None

    def expects(self, decision: Decision) -> bool:
        """Whether a decision is the one that the table says."""
        if self.expected == "forbidden":
            return decision.result == "ExplicitlyDenied"
        return decision.allowed == (self.expected == "allowed")


class Cases:
    """The cases of a plane."""

    def __init__(self, plane: Plane, values: Values, things: Mapping[str, Thing]) -> None:
        self._plane = plane
        self._values = values
        self._things = things

    def of(self, table: Table, role: Role | None) -> Iterator[Case]:
        """`role` is the table's own, for rows that do not say who acts. An option that is off allows nothing."""
        for row in table.cases:
            yield from self._row(table, row, role)
        held = {policy.name for policy in role.policies} if role else set[str]()
        for option, rows in table.options.items():
            for row in rows:
                off = option not in held and row.expected == "allowed"
                yield from self._row(table, row.model_copy(update={"expected": "denied"}) if off else row, role)

    def _row(self, table: Table, row: Row, role: Role | None) -> Iterator[Case]:
        for by, action, name, whose in product(row.by or [None], row.does, row.on or row.makes or ["*"], row.of):
            thing = self._concrete(table, name, whose, row.tags)
            principal, own = self._actor(table, row, by, role)
            request = Request(
                principal=principal,
                action=action,
                resource=thing.arn,
                account=thing.account,
                context=self._context(row, action, thing, whose, principal),
            )
            yield Case(
                line=f"{by or 'the role'}: {action} on {name} of {whose}{_rest(row)}",
                request=request,
                policies=Policies(*own, resource=self._resource_policy(request, whose)),
                expected=row.expected,
                attack=row.attack or ATTACKS.get(whose),
            )

    def _concrete(self, table: Table, name: str, whose: Whose, tags: Mapping[str, str] | None) -> Concrete:
        if name == "*":
            return Concrete("*", self._plane.account, {}, None)
        shared, own = self._things.get(name), table.things.get(name)
        if shared is None and own is None and not name.startswith("arn:"):
            raise SimulationError(f"no thing is called '{name}'; known are {sorted({*self._things, *table.things})}")
        if shared and own:
            own = shared.model_copy(update=own.model_dump(exclude_unset=True))
        return self._values.concrete(own or shared or Thing(arn=name), whose, tags)

    def _actor(
        self, table: Table, row: Row, by: str | None, role: Role | None
    ) -> tuple[str, tuple[Sequence[Policy], Policy | None]]:
        """Who acts, with its own policies. A stranger of another account may do everything there."""
        actor = self._plane.role(self._values.fill(by)) if by else role
        if actor:
            beside = [_beside(actions) for actions in table.beside.values()] if actor is role else []
            return actor.arn, ([*actor.documents, *beside], actor.boundary)
        if by is None:
            raise SimulationError(f"the row '{' '.join(row.does)}' does not say `by` whom")
        principal: str = self._values.fill(by)
        if not principal.startswith("arn:") and not is_service(principal):
            raise SimulationError(f"'{by}' is no role of the plane, no service and no ARN")
        stranger = not is_service(principal) and account_of(principal) != self._plane.account
        return principal, ([ANYTHING] if stranger or row.with_rights else [], None)

    def _context(
        self, row: Row, action: str, thing: Concrete, whose: Whose, principal: str
    ) -> dict[str, str | list[str]]:
        service = action.split(":")[0]
        requested = dict(thing.tags if row.makes else self._values.fill(row.tagging))
        existing = {} if row.makes else thing.tags
        keys: dict[str, str | list[str]] = {
            "aws:RequestedRegion": OTHER_REGION if whose == "another region" else self._plane.region,
            "aws:SecureTransport": "true",
            **{f"aws:ResourceTag/{key}": value for key, value in existing.items()},
            **{f"{service}:ResourceTag/{key}": value for key, value in existing.items()},
            **{f"aws:RequestTag/{key}": value for key, value in requested.items()},
        }
        if not is_service(principal):
            keys |= {"aws:PrincipalArn": principal, "aws:PrincipalAccount": str(account_of(principal))}
        if tag_keys := [*requested, *self._values.fill(row.untagging)]:
            keys["aws:TagKeys"] = tag_keys
        if thing.vpc:
            keys["ec2:Vpc"] = thing.vpc
        return known_keys(action, thing.arn, keys, needed=self._values.fill(row.when))

    def _resource_policy(self, request: Request, whose: Whose) -> Policy | None:
        """Another account lets us do everything, so that our own policies decide."""
        if whose == "another account":
            return _allow(request.principal)
        if request.action.startswith("sts:"):
            found = self._trust_of(request.resource)
        else:
            found = self._plane.resource_policy(request.resource)
        if found is None and request.action.startswith(("kms:", "sts:")):
            return _allow(f"arn:aws:iam::{request.account}:root")
        return found

    def _trust_of(self, arn: str) -> Policy | None:
        """None for a role that is made later: it is taken to trust its account."""
        return next((role.trust.document for role in self._plane.roles if role.arn == arn and role.trust), None)


def _allow(principal: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "*", "Resource": "*"}],
    }


def _beside(actions: Sequence[str]) -> Policy:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "OfAws", "Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


def _rest(row: Row) -> str:
    """What else a row says, so that its cases can be told apart."""
    said = row.model_dump(include={"tags", "tagging", "untagging", "when"}, exclude_defaults=True)
    return "".join(f", {key} {value}" for key, value in said.items())
