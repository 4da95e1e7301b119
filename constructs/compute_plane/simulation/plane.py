"""Every role and every resource policy of an assembly, with their documents resolved.

Policies of AWS that are attached by name, and boundaries that are made elsewhere, are not in templates: outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.assembly import Assembly, Stack
from compute_plane.simulation.evaluator import Policy
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.resource_policies import ResourcePolicy, resource_policies

ROLE = "AWS::IAM::Role"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
ATTACHED = {"AWS::IAM::Policy": "PolicyName", MANAGED_POLICY: "ManagedPolicyName", "AWS::IAM::RolePolicy": "PolicyName"}


@dataclass(frozen=True)
class Place:
    """Where a document stands: a property of a resource, and the item of a list there."""

    stack: str
    logical_id: str
    property: str
    index: int | None = None


@dataclass(frozen=True)
class Held:
    """A document by its name, and where it stands."""

    name: str
    document: Policy
    place: Place


@dataclass(frozen=True)
class Role:
    """One role; `outside` are the ARNs of attached policies that no template holds.

    `trust` is None for a role that is only imagined.
    """

    name: str
    arn: str
    stack: str
    logical_id: str
    trust: Held | None
    policies: tuple[Held, ...]
    boundary: Policy | None
    outside: tuple[str, ...]

    @property
    def documents(self) -> list[Policy]:
        return [held.document for held in self.policies]


@dataclass(frozen=True)
class _Attached:
    """A policy with a resource of its own."""

    arn: str | None
    roles: frozenset[str]
    held: Held


class Plane:
    """What an assembly says of identities; `cluster` is the cluster's name, which its names begin with."""

    def __init__(self, assembly: Assembly, cluster: str) -> None:
        self.assembly = assembly
        self.cluster = cluster
        self.region = assembly.stacks[0].region

    @property
    def account(self) -> str:
        return self.assembly.account

    @cached_property
    def roles(self) -> list[Role]:
        return [
            self._role(stack, logical_id, self._policies)
            for stack in self.assembly.stacks
            for logical_id, resource in stack.resources.items()
            if resource["Type"] == ROLE
        ]

    @cached_property
    def _policies(self) -> list[_Attached]:
        return [found for stack in self.assembly.stacks for found in self._attached(stack)]

    @cached_property
    def resource_policies(self) -> list[ResourcePolicy]:
        return [found for stack in self.assembly.stacks for found in resource_policies(stack)]

    def resource_policy(self, arn: str) -> Policy | None:
        """The policy of the resource with this ARN, or of the bucket that the object is in."""
        for found in self.resource_policies:
            if arn == found.resource or arn.startswith(f"{found.resource}/"):
                return found.document
        return None

    def role(self, name: str) -> Role | None:
        """By its name, in which a region after the cluster's name does not count."""
        for role in self.roles:
            if name in (role.name, role.name.replace(f"{self.cluster}-{self.region}", self.cluster)):
                return role
        return None

    def only_with(self, policy: str) -> Role | None:
        """A role that has this policy alone: what it allows is what it leaves of all rights where it is a boundary."""
        for each in self._policies:
            if each.held.name == policy:
                arn = f"arn:{self.assembly.partition}:iam::{self.account}:role/{policy}"
                place = each.held.place
                return Role(policy, arn, place.stack, place.logical_id, None, (each.held,), None, ())
        return None

    def identifier(self, resource_type: str, logical_id: str = "", attribute: str | None = None) -> str | None:
        """The Ref, or an attribute, of the one resource of a type whose logical id begins so; None without one."""
        found = [
            (stack, each)
            for stack in self.assembly.stacks
            for each, resource in stack.resources.items()
            if resource["Type"] == resource_type and each.startswith(logical_id)
        ]
        if len(found) > 1:
            raise SimulationError(f"{resource_type} {logical_id}: there are {[each for _, each in found]}; say which")
        for stack, each in found:
            return stack.attribute(each, attribute) if attribute else str(stack.reference(each))
        return None

    def _role(self, stack: Stack, logical_id: str, attached: list[_Attached]) -> Role:
        properties = stack.resources[logical_id]["Properties"]
        name = str(stack.reference(logical_id))
        by_arn: list[str] = stack.resolve(properties.get("ManagedPolicyArns") or [])
        policies = [
            Held(
                str(stack.resolve(policy["PolicyName"])),
                stack.resolve.document(policy["PolicyDocument"]),
                Place(stack.name, logical_id, "Policies", index),
            )
            for index, policy in enumerate(as_list(properties.get("Policies")))
        ]
        policies += [each.held for each in attached if name in each.roles or each.arn in by_arn]
        boundary: str | None = stack.resolve(properties.get("PermissionsBoundary"))
        return Role(
            name=name,
            arn=stack.attribute(logical_id, "Arn"),
            stack=stack.name,
            logical_id=logical_id,
            trust=Held(
                "trust",
                stack.resolve.document(properties["AssumeRolePolicyDocument"]),
                Place(stack.name, logical_id, "AssumeRolePolicyDocument"),
            ),
            policies=tuple(policies),
            boundary=next((each.held.document for each in attached if boundary and each.arn == boundary), None),
            outside=tuple(arn for arn in by_arn if arn not in {each.arn for each in attached}),
        )

    def _attached(self, stack: Stack) -> Iterator[_Attached]:
        for logical_id, resource in stack.resources.items():
            if resource["Type"] not in ATTACHED:
                continue
            properties: Mapping[str, Any] = resource["Properties"]
            name = str(stack.resolve(properties.get(ATTACHED[resource["Type"]], logical_id)))
            yield _Attached(
                arn=str(stack.reference(logical_id)) if resource["Type"] == MANAGED_POLICY else None,
                roles=frozenset(
                    stack.resolve([*as_list(properties.get("Roles")), *as_list(properties.get("RoleName"))])
                ),
                held=Held(
                    name.removeprefix(f"{self.cluster}-"),
                    stack.resolve.document(properties["PolicyDocument"]),
                    Place(stack.name, logical_id, "PolicyDocument"),
                ),
            )
