"""The Conditions section of a template."""

from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.intrinsics import text


def evaluate(expression: Any, conditions: Mapping[str, Any], resolve: Callable[[Any], Any]) -> bool:
    """The truth of a condition's name or expression."""
    if isinstance(expression, str):
        if expression not in conditions:
            raise ValidationError(f"Template format error: Unresolved condition dependency {expression}")
        return evaluate(conditions[expression], conditions, resolve)
    (function, argument), *_ = expression.items()
    match function:
        case "Condition":
            return evaluate(argument, conditions, resolve)
        case "Fn::Equals":
            return text(resolve(argument[0])) == text(resolve(argument[1]))
        case "Fn::Not":
            return not evaluate(argument[0], conditions, resolve)
        case "Fn::And":
            return all([evaluate(part, conditions, resolve) for part in argument])
        case "Fn::Or":
            return any([evaluate(part, conditions, resolve) for part in argument])
        case _:
            allowed = "Condition, Fn::And, Fn::Equals, Fn::Not, Fn::Or"
            raise ValidationError(f"Template format error: {function} is no condition; expected one of {allowed}")
