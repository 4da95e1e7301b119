"""Every resource of the templates as IAM sees it, and the few things that only some deployments have."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compute_plane.permissions.assembly import Assembly, Stack
from compute_plane.permissions.corrections import table, unused_actions
from compute_plane.permissions.registry import Registry
from compute_plane.permissions.values import Values


@dataclass(frozen=True)
class Owned:
    """A pattern of ARNs of one type.

    `tagged`: each resource carries the name of its stack as a tag. `own_tags`: each carries those of the configuration.
    """

    arn: str
    resource_type: str
    tagged: bool
    own_tags: bool


class Inventory:
    """What the stacks of an assembly hold."""

    def __init__(self, assembly: Assembly, registry: Registry) -> None:
        self.assembly, self.values = assembly, Values(assembly)
        kinds = {kind for stack in assembly.stacks for _, kind, _ in stack.resources()}
        self.actions: Mapping[str, Mapping[str, frozenset[str]]] = {
            kind: self._handlers(registry, kind) for kind in kinds
        }
        self.owned = tuple(
            dict.fromkeys(
                self._owned(arn, kind, registry)
                for stack in assembly.stacks
                for logical_id, kind, _ in stack.resources()
                for arn in self.values.arns(stack, logical_id)
            )
        )
        self.lists: Mapping[str, list[str]] = {
            "AssetObjects": list(assembly.asset_objects),
            "Parameters": sorted({each for stack in assembly.stacks for each in self.parameters(stack)}),
            "ReadStacks": sorted({each for stack in assembly.stacks for each in self.read_stacks(stack)}),
            "ServiceTokens": sorted({each for stack in assembly.stacks for each in self.service_tokens(stack)}),
            "StackNames": [stack.name for stack in assembly.stacks],
        }

    def _of_type(self, kind: str) -> list[Mapping[str, Any]]:
        stacks = self.assembly.stacks
        return [properties for stack in stacks for _, each, properties in stack.resources() if each == kind]

    def _owned(self, arn: str, kind: str, registry: Registry) -> Owned:
        if not re.search(r":[a-z-]+/\*$", arn):
            return Owned(arn, kind, tagged=False, own_tags=False)  # it tells the resource's name, or its cluster's
        holder = table("resources")[kind].get("own_tags")
        own_tags = holder is not None and all(holder in properties for properties in self._of_type(kind))
        return Owned(arn, kind, tagged=registry.is_tagged(kind), own_tags=own_tags)

    def _handlers(self, registry: Registry, kind: str) -> Mapping[str, frozenset[str]]:
        """The actions of a type's handlers, without those for properties that no resource has."""
        unused = unused_actions(kind, self._of_type(kind))
        return {name: actions - unused for name, actions in registry.handlers(kind).items()}

    def parameters(self, stack: Stack) -> Iterator[str]:
        """The SSM parameters that CloudFormation reads for a stack."""
        for parameter in stack.template.get("Parameters", {}).values():
            if parameter["Type"].startswith("AWS::SSM::Parameter::Value"):
                name = str(parameter["Default"]).removeprefix("/")
                yield self.assembly.place.filled(f"arn:${{Partition}}:ssm:${{Region}}:${{Account}}:parameter/{name}")

    def read_stacks(self, stack: Stack) -> Iterator[str]:
        """The stacks of which a stack reads outputs."""
        names = {each[0] for each in _references(stack.template) if isinstance(each, tuple)}
        for name in sorted(names):
            yield self.assembly.place.filled(
                f"arn:${{Partition}}:cloudformation:${{Region}}:${{Account}}:stack/{name}/*"
            )

    def service_tokens(self, stack: Stack) -> Iterator[str]:
        """The functions behind a stack's custom resources."""
        for _, _, properties in stack.resources():
            if "ServiceToken" in properties:
                yield from self.values.texts(stack, properties["ServiceToken"])

    def roles_in(self, stack: Stack, properties: Mapping[str, Any]) -> Iterator[tuple[Stack, str]]:
        """The roles of the templates that a resource names, with the stacks that hold them."""
        for name in _references(properties):
            if isinstance(name, str):
                yield from self._role(stack, name)
            elif other := self.assembly.stack(name[0]):
                value = other.template.get("Outputs", {}).get(name[1], {}).get("Value")
                for inner in _references(value):
                    yield from self._role(other, inner) if isinstance(inner, str) else ()

    @staticmethod
    def _role(stack: Stack, logical_id: str) -> Iterator[tuple[Stack, str]]:
        if stack.template["Resources"].get(logical_id, {}).get("Type") == "AWS::IAM::Role":
            yield stack, logical_id


def _references(value: Any) -> Iterator[str | tuple[str, str]]:
    """Logical ids, and pairs of a stack's name and its output."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetStackOutput": {"StackName": str(stack), "OutputName": str(output)}}:
            yield stack, output
        case dict():
            for inner in value.values():
                yield from _references(inner)
        case list():
            for inner in value:
                yield from _references(inner)
        case _:
            return
