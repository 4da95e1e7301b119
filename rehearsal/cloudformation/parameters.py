"""Template parameters: what was given, what CloudFormation allows, and the values that Ref sees."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.template import Template

STORED = "AWS::SSM::Parameter::Value<"


@dataclass(frozen=True)
class ParameterValues:
    """The text that was given, and the values that it stands for."""

    given: Mapping[str, str]
    resolved: Mapping[str, Any]


def resolve(
    template: Template,
    given: Mapping[str, str],
    stored: Callable[[str], str | None],
) -> ParameterValues:
    """Check the given values and look up those that live in Parameter Store."""
    declared = template.parameters
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts: dict[str, str] = {}
    for name, declaration in declared.items():
        if name in given:
            texts[name] = given[name]
        elif "Default" in declaration:
            texts[name] = str(declaration["Default"])
    missing = [name for name in declared if name not in texts]
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    for name, value in texts.items():
        _check(name, declared[name], value)
    return ParameterValues(texts, {name: _value(declared[name]["Type"], v, stored) for name, v in texts.items()})


def shown(template: Template, values: ParameterValues) -> list[dict[str, str]]:
    """The parameters as DescribeStacks shows them."""
    rows: list[dict[str, str]] = []
    for name, declaration in template.parameters.items():
        hidden = str(declaration.get("NoEcho", "false")).lower() == "true"
        row = {"ParameterKey": name, "ParameterValue": "****" if hidden else values.given.get(name, "")}
        if str(declaration["Type"]).startswith(STORED):
            resolved = values.resolved.get(name, "")
            row["ResolvedValue"] = ",".join(resolved) if isinstance(resolved, list) else str(resolved)
        rows.append(row)
    return rows


def _value(kind: str, given: str, stored: Callable[[str], str | None]) -> Any:
    if kind.startswith(STORED):
        found = stored(given)
        if found is None:
            raise ValidationError(f"Unable to fetch parameters [{given}] from parameter store for this account.")
        return _value(kind.removeprefix(STORED)[:-1], found, stored)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [part.strip() for part in given.split(",")] if given else []
    return given


def _check(name: str, declaration: Mapping[str, Any], value: str) -> None:
    def refuse(reason: str) -> ValidationError:
        return ValidationError(declaration.get("ConstraintDescription") or f"Parameter {name} {reason}")

    kind = str(declaration["Type"])
    if kind == "Number":
        _check_number(declaration, value, refuse)
    parts = value.split(",") if kind == "CommaDelimitedList" or kind.startswith("List<") else [value]
    allowed = [str(one) for one in declaration.get("AllowedValues", [])]
    for part in (part.strip() for part in parts):
        if allowed and part not in allowed:
            raise refuse(f"must be one of AllowedValues {allowed}; got {part!r}")
        pattern = declaration.get("AllowedPattern")
        if pattern and not re.fullmatch(pattern, part):
            raise refuse(f"must match pattern {pattern}; got {part!r}")
    if len(value) < int(declaration.get("MinLength", 0)):
        raise refuse(f"must contain at least {declaration['MinLength']} characters")
    if "MaxLength" in declaration and len(value) > int(declaration["MaxLength"]):
        raise refuse(f"must contain at most {declaration['MaxLength']} characters")


def _check_number(declaration: Mapping[str, Any], value: str, refuse: Callable[[str], Exception]) -> None:
    try:
        number = float(value)
    except ValueError:
        raise refuse(f"must be a number; got {value!r}") from None
    if "MinValue" in declaration and number < float(declaration["MinValue"]):
        raise refuse(f"must be a number not less than {declaration['MinValue']}; got {value}")
    if "MaxValue" in declaration and number > float(declaration["MaxValue"]):
        raise refuse(f"must be a number not greater than {declaration['MaxValue']}; got {value}")
