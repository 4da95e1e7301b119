"""Puts the registry, the tables and the templates together: everything that deploying an assembly needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.actions import action
from compute_plane.permissions.assembly import Assembly, Stack
from compute_plane.permissions.corrections import table, uses
from compute_plane.permissions.inventory import Inventory
from compute_plane.permissions.need import Need, Source
from compute_plane.permissions.registry import Registry
from compute_plane.permissions.role_needs import RoleNeeds
from compute_plane.permissions.scoping import Scoping

# `iam:PassRole` and service-linked roles follow from the roles that the templates name.
OF_ROLES = ("iam:PassRole", "iam:CreateServiceLinkedRole")


@dataclass(frozen=True)
class Derived:
    """What is needed and by whom, and what could not be told."""

    needs: Mapping[Need, frozenset[Source]]
    left_out: tuple[str, ...]


def derive(assembly: Assembly, registry: Registry) -> Derived:
    """What the role needs with which CloudFormation deploys the stacks of `assembly`."""
    return _Derivation(assembly, registry).run()


class _Derivation:
    def __init__(self, assembly: Assembly, registry: Registry) -> None:
        self._assembly, self._inventory = assembly, Inventory(assembly, registry)
        self._scoping, self._roles = Scoping(self._inventory), RoleNeeds(self._inventory)
        self._needs: dict[Need, set[Source]] = {}
        self._left_out: dict[str, set[str]] = {}

    def run(self) -> Derived:
        for stack in self._assembly.stacks:
            for kind in sorted({kind for _, kind, _ in stack.resources()}):
                self._type(stack, kind, [properties for _, each, properties in stack.resources() if each == kind])
            self._whole(stack)
        return Derived(
            {need: frozenset(sources) for need, sources in self._needs.items()},
            tuple(f"{name} ({', '.join(sorted(sources))})" for name, sources in sorted(self._left_out.items())),
        )

    def _type(self, stack: Stack, kind: str, resources: list[Mapping[str, Any]]) -> None:
        source = Source(kind, stack.name)
        handlers = self._inventory.actions[kind]
        if not handlers and not kind.startswith("Custom::") and kind != "AWS::CloudFormation::CustomResource":
            self._left_out.setdefault(f"{kind}: the registry lists no handlers", set()).add(stack.name)
        listed = {name for actions in handlers.values() for name in actions}
        for row in table("forgotten"):
            if row["for"] == kind and any(uses(row.get("when"), properties) for properties in resources):
                listed |= set(row["actions"])
        self._add(source, (need for name in sorted(listed) for need in self._action(source, name)))
        for properties in resources:
            if "iam:PassRole" in listed:
                self._add(source, self._roles.passed(stack, kind, properties))
            self._add(source, self._roles.service_linked(kind, properties))

    def _whole(self, stack: Stack) -> None:
        """What a template needs whatever its types are."""
        present = {
            "SSM parameter": self._inventory.parameters(stack),
            "value of another stack": self._inventory.read_stacks(stack),
            "custom resource": self._inventory.service_tokens(stack),
        }
        for row in table("forgotten"):
            if any(present.get(row["for"], ())):
                source = Source(row["for"], stack.name)
                self._add(source, (need for name in row["actions"] for need in self._action(source, name)))

    def _action(self, source: Source, name: str) -> Iterator[Need]:
        if name in OF_ROLES:
            return
        known = action(name)
        if known is None:
            self._left_out.setdefault(f"{name}: no such action is known", set()).add(str(source))
            return
        yield from (self._roles.bounded(need) for need in self._scoping.needs(known, source.resource_type))

    def _add(self, source: Source, needs: Iterator[Need]) -> None:
        for need in needs:
            self._needs.setdefault(need, set()).add(source)
