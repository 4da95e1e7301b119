"""CloudFormation's intrinsic functions, as far as policies use them; any other one is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from compute_plane.simulation.patterns import SimulationError

PLACEHOLDER = re.compile(r"\$\{(?P<literal>!)?(?P<name>[^}]+)\}")
NO_VALUE = object()
"""What `AWS::NoValue` leaves behind until its surroundings drop it."""


class Scope(Protocol):
    """Where the names of one template get their values."""

    def reference(self, name: str) -> Any: ...

    def attribute(self, logical_id: str, attribute: str) -> str: ...

    def condition(self, name: str) -> Mapping[str, Any]: ...

    def stack_output(self, stack: str, output: str) -> Any: ...

    def exported(self, name: str) -> Any: ...


class Resolver:
    """Replaces the intrinsic functions in a value of one template."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Condition": lambda a: self(scope.condition(a)),
            "Fn::And": lambda a: all(self(a)),
            "Fn::Contains": lambda a: self(a[1]) in self(a[0]),
            "Fn::Equals": lambda a: self(a[0]) == self(a[1]),
            "Fn::GetAtt": self._get_att,
            "Fn::GetStackOutput": self._stack_output,
            "Fn::If": lambda a: self(a[1] if self(scope.condition(a[0])) else a[2]),
            "Fn::ImportValue": lambda a: scope.exported(self(a)),
            "Fn::Join": lambda a: a[0].join(_text(piece) for piece in self(a[1])),
            "Fn::Not": lambda a: not self(a[0]),
            "Fn::Or": lambda a: any(self(a)),
            "Fn::Select": lambda a: self(a[1])[int(self(a[0]))],
            "Fn::Split": lambda a: self(a[1]).split(a[0]),
            "Fn::Sub": self._sub,
            "Ref": lambda a: NO_VALUE if a == "AWS::NoValue" else scope.reference(a),
        }

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return [kept for element in value if (kept := self(element)) is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((key, argument),) = value.items()
            # A policy's own Condition holds operators; CloudFormation's is the name of a condition.
            if key in self._functions and (key != "Condition" or isinstance(argument, str)):
                return self._functions[key](argument)
            if key.startswith("Fn::"):
                raise SimulationError(f"{key} is not supported; known are {sorted(self._functions)}")
        return {key: kept for key, element in value.items() if (kept := self(element)) is not NO_VALUE}

    def document(self, value: Any) -> dict[str, Any]:
        """A policy document, which may be JSON text."""
        found = self(value)
        return json.loads(found) if isinstance(found, str) else found

    def _get_att(self, argument: Any) -> str:
        parts = argument if isinstance(argument, list) else argument.split(".", 1)
        return self._scope.attribute(parts[0], ".".join(parts[1:]))

    def _stack_output(self, argument: Any) -> Any:
        fields = self(argument)
        return self._scope.stack_output(fields["StackName"], fields["OutputName"])

    def _sub(self, argument: Any) -> str:
        text, given = argument if isinstance(argument, list) else (argument, {})

        def value(found: re.Match[str]) -> str:
            name = found["name"]
            if found["literal"]:
                return f"${{{name}}}"
            if name in given:
                return _text(self(given[name]))
            return self._get_att(name) if "." in name else _text(self._scope.reference(name))

        return PLACEHOLDER.sub(value, text)


def _text(value: Any) -> str:
    if not isinstance(value, str | int):
        raise SimulationError(f"{json.dumps(value)} stands where only text can stand")
    return str(value)
