"""Resolves what templates say of names and ARNs to text, with `*` for what only a deployment can tell."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from compute_plane.permissions.assembly import Assembly, Stack
from compute_plane.permissions.corrections import table
from compute_plane.permissions.generated_names import generated_name
from compute_plane.permissions.patterns import covers

UNKNOWN = "*"


class Values:
    """The values of one assembly."""

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly

    def texts(self, stack: Stack, value: Any) -> list[str]:
        """Every text that a value may have: one, or several where the template decides by a condition."""
        return list(dict.fromkeys(self._texts(stack, value)))

    def arns(self, stack: Stack, logical_id: str) -> list[str]:
        """What IAM calls a resource; nothing for a type that no table knows."""
        resource = stack.template["Resources"][logical_id]
        properties: Mapping[str, Any] = resource.get("Properties", {})
        row: Mapping[str, Any] = table("resources").get(resource["Type"], {})
        found: list[str] = []
        for name in self.names(stack, logical_id):
            own = {"Name": name.removeprefix("/") if resource["Type"] == "AWS::SSM::Parameter" else name}
            own |= {"Path": self._one(stack, properties.get("Path", "/")), "StackName": stack.name}
            for arn in row.get("arns", ()):
                needed = set(re.findall(r"\$\{(\w+)\}", arn)) & properties.keys() - own.keys()
                known = own | {key: self._one(stack, properties[key]) for key in needed}
                filled = re.sub(r"\$\{(\w+)\}", lambda part, known=known: known.get(part[1], part[0]), arn)
                found.append(self._assembly.place.filled(filled))
        return [arn for arn in found if not any(covers(other, arn) for other in found if other != arn)]

    def names(self, stack: Stack, logical_id: str) -> list[str]:
        """The name of a resource: its own, or the pattern of what CloudFormation makes up."""
        resource = stack.template["Resources"][logical_id]
        row: Mapping[str, Any] = table("resources").get(resource["Type"], {})
        given = resource.get("Properties", {}).get(row.get("name"))
        return self.texts(stack, given) if given is not None else [generated_name(row, stack.name, logical_id)]

    def _one(self, stack: Stack, value: Any) -> str:
        found = self.texts(stack, value)
        return found[0] if len(found) == 1 else UNKNOWN

    def _texts(self, stack: Stack, value: Any) -> Iterator[str]:
        match value:
            case str() | int() | float():
                yield str(value)
            case list():
                for item in value:
                    yield from self._texts(stack, item)
            case {"Ref": "AWS::NoValue"}:
                return
            case {"Ref": str(name)}:
                yield from self._reference(stack, name)
            case {"Fn::GetAtt": [str(name), "Arn"]}:
                yield from self.arns(stack, name)[:1] or [UNKNOWN]
            case {"Fn::Join": [str(separator), list(items)]}:
                for parts in product(*(self.texts(stack, item) for item in items)):
                    yield separator.join(parts)
            case {"Fn::Sub": str(text)}:
                parts = re.split(r"\$\{([^}]*)\}", text)  # every second part is a reference
                yield "".join(self._one(stack, {"Ref": part}) if at % 2 else part for at, part in enumerate(parts))
            case {"Fn::If": [_, yes, no]}:
                yield from self._texts(stack, yes)
                yield from self._texts(stack, no)
            case {"Fn::GetStackOutput": {"StackName": str(other), "OutputName": str(output)}}:
                yield from self._output(other, output)
            case _:
                yield UNKNOWN

    def _reference(self, stack: Stack, name: str) -> Iterator[str]:
        place = self._assembly.place
        pseudo = {"AWS::StackName": stack.name, "AWS::URLSuffix": "amazonaws.com"}
        pseudo |= {"AWS::AccountId": place.account, "AWS::Region": place.region, "AWS::Partition": place.partition}
        if name in pseudo:
            yield pseudo[name]
        elif name in stack.template["Resources"]:
            is_policy = stack.template["Resources"][name]["Type"] == "AWS::IAM::ManagedPolicy"
            yield from self.arns(stack, name) if is_policy else self.names(stack, name)
        else:
            yield UNKNOWN

    def _output(self, name: str, output: str) -> Iterator[str]:
        stack = self._assembly.stack(name)
        value = stack.template.get("Outputs", {}).get(output, {}).get("Value") if stack else None
        if stack is None or value is None:
            yield UNKNOWN
        else:
            yield from self._texts(stack, value)
