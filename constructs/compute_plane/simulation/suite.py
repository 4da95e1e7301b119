"""All tables on one plane: which of them concern it, and their cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from compute_plane.simulation.cases import Case, Cases
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.plane import Held, Place, Plane, Role
from compute_plane.simulation.tables import Table, Unnamed, Vocabulary
from compute_plane.simulation.trust import trust_cases
from compute_plane.simulation.values import Values


class Suite:
    """The cases of a plane, by the name of their table."""

    def __init__(self, plane: Plane, vocabulary: Vocabulary, tables: Mapping[str, Table]) -> None:
        self.plane = plane
        self._things = vocabulary.things
        self._tables = tables
        self._values = Values(plane, vocabulary.ids)
        self._cases = Cases(plane, self._values, vocabulary.things)

    @cached_property
    def cases(self) -> dict[str, list[Case]]:
        """Raises once for all tables that make no sense on this plane."""
        found: dict[str, list[Case]] = {}
        problems: list[str] = []
        for name, table in self._tables.items():
            try:
                if self.concerns(table):
                    found[name] = list(self._of(table))
            except SimulationError as error:
                problems.append(f"{name}.yaml on {self.plane.cluster}: {error}")
        if problems:
            raise SimulationError("\n".join(problems))
        return found

    @property
    def names(self) -> Mapping[str, str]:
        """What is this plane's alone, by what all planes call it: the cluster's name and the ids of its resources."""
        return self._values.names

    def role(self, table: Table) -> Role | None:
        """The role that a table is about, where the plane has it."""
        if table.policy:
            return self.plane.only_with(table.policy)
        if isinstance(table.role, Unnamed):
            beginning = table.role.logical_id
            return next((role for role in self.plane.roles if role.logical_id.startswith(beginning)), None)
        return self.plane.role(self._values.fill(table.role)) if table.role else None

    def concerns(self, table: Table) -> bool:
        """Whether the plane has what a table is about."""
        role = self.role(table)
        if role and table.needs:
            return table.needs in {held.name for held in role.policies}
        return role is not None or self._protected(table) is not None

    def documents(self) -> Iterator[tuple[str, Held]]:
        """Every document of the plane: whose it is, by a name that all planes share, and where it stands."""
        for table in self._tables.values():
            if self.concerns(table) and (role := self.role(table)):
                named = table.role.logical_id if isinstance(table.role, Unnamed) else str(table.role or table.policy)
                for held in (role.trust, *role.policies):
                    if held:
                        yield named, held
        for policy in self.plane.resource_policies:
            place = Place(policy.stack, policy.logical_id, policy.property)
            yield policy.logical_id, Held(policy.property, policy.document, place)

    def _protected(self, table: Table) -> str | None:
        """The ARN of the resource whose policy a table is about."""
        if table.policy_of is None:
            return None
        thing = table.things.get(table.policy_of) or self._things[table.policy_of]
        arn = self._values.concrete(thing, "this cluster").arn if self._values.has(thing) else ""
        return arn if self.plane.resource_policy(arn) else None

    def _of(self, table: Table) -> Iterator[Case]:
        role = self.role(table)
        yield from self._cases.of(table, role)
        if role and table.assumed_by:
            yield from trust_cases(self.plane, self._values, role, table.assumed_by)
