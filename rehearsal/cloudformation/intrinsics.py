"""CloudFormation's intrinsic functions."""

import base64
import ipaddress
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.references import PLACEHOLDER, get_att_target


class Removed:
    """The type of NO_VALUE: what `AWS::NoValue` leaves behind until its surroundings drop it."""


NO_VALUE = Removed()


class Scope(Protocol):
    """Where names get their values; the same functions serve a deployment and the preview of one."""

    mappings: Mapping[str, Any]
    zones: Callable[[str], list[str]]

    def reference(self, name: str) -> Any: ...

    def attribute(self, logical_id: str, attribute: str) -> Any: ...

    def condition(self, name: str) -> bool: ...

    def import_value(self, name: str) -> Any: ...

    def stack_output(self, stack_name: str, output_name: str, region: str | None) -> Any: ...


class Resolver:
    """Replaces the intrinsic functions in a value."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": lambda name: NO_VALUE if name == "AWS::NoValue" else scope.reference(name),
            "Fn::GetAtt": self._get_att,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": lambda a: str(self(a[1])).split(self(a[0])),
            "Fn::If": lambda a: self(a[1] if scope.condition(a[0]) else a[2]),
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAZs": lambda a: scope.zones(self(a)),
            "Fn::Base64": lambda a: base64.b64encode(str(self(a)).encode()).decode(),
            "Fn::ToJsonString": lambda a: json.dumps(self(a)),
            "Fn::Cidr": self._cidr,
            "Fn::Sub": self._sub,
            "Fn::ImportValue": lambda a: scope.import_value(str(self(a))),
            "Fn::Length": lambda a: len(self(a)),
            "Fn::GetStackOutput": self._stack_output,
        }

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return [kept for element in value if (kept := self(element)) is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key, argument), *_ = value.items()
            if function := self._functions.get(key):
                return function(argument)
            if str(key).startswith("Fn::"):
                known = ", ".join(sorted(self._functions))
                raise ValidationError(f"Template error: unsupported intrinsic function {key}; known are {known}")
        return {key: kept for key, element in value.items() if (kept := self(element)) is not NO_VALUE}

    def _get_att(self, argument: Any) -> Any:
        logical_id, attribute = get_att_target(argument)
        return self._scope.attribute(logical_id, str(self(attribute)))

    def _join(self, argument: Any) -> str:
        return str(argument[0]).join(text(element) for element in self(argument[1]))

    def _select(self, argument: Any) -> Any:
        index, choices = int(self(argument[0])), self(argument[1])
        if not 0 <= index < len(choices):
            raise ValidationError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
        return choices[index]

    def _find_in_map(self, argument: Any) -> Any:
        name, first, second = (str(self(part)) for part in argument[:3])
        found = self._scope.mappings.get(name, {}).get(first, {}).get(second, NO_VALUE)
        if found is NO_VALUE and len(argument) > 3:
            return self(argument[3]["DefaultValue"])
        if found is NO_VALUE:
            raise ValidationError(f"Template error: Unable to get mapping for {name}::{first}::{second}")
        return found

    def _cidr(self, argument: Any) -> list[str]:
        block = ipaddress.ip_network(str(self(argument[0])), strict=False)
        count = int(self(argument[1]))
        bits = int(self(argument[2])) if len(argument) > 2 else 8
        subnets = block.subnets(new_prefix=block.max_prefixlen - bits)
        found = [str(subnet) for subnet, _ in zip(subnets, range(count), strict=False)]
        if len(found) < count:
            raise ValidationError(f"Template error: Fn::Cidr cannot make {count} blocks of {bits} bits in {block}")
        return found

    def _sub(self, argument: Any) -> str:
        template, given = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})

        def value_of(name: str) -> str:
            if name in given:
                return text(self(given[name]))
            if "." in name:
                return text(self._scope.attribute(*name.split(".", 1)))
            return text(self._scope.reference(name))

        filled = PLACEHOLDER.sub(lambda match: value_of(match[1].strip()), str(template))
        return filled.replace("${!", "${")

    def _stack_output(self, argument: Any) -> Any:
        fields = self(argument)
        return self._scope.stack_output(fields["StackName"], fields["OutputName"], fields.get("Region"))


def text(value: Any) -> str:
    """A value as CloudFormation writes it into a string."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)
