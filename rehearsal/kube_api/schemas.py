"""Checks a custom resource against its structural schema, in the words of the API server.

CEL rules (`x-kubernetes-validations`) and string formats are not evaluated.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

Schema = dict[str, Any]


def problems(value: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """Every field error of a value; nothing if it satisfies the schema."""
    if value is None and schema.get("nullable"):
        return
    wrong_type = _type_problem(value, schema, path)
    if wrong_type:
        yield wrong_type
        return
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(json.dumps(option) for option in schema["enum"])
        yield f"{path}: Unsupported value: {json.dumps(value)}: supported values: {allowed}"
    if isinstance(value, dict):
        yield from _object_problems(value, schema, path)
    elif isinstance(value, list):
        yield from _list_problems(value, schema, path)
    elif isinstance(value, str):
        yield from _string_problems(value, schema, path)
    elif isinstance(value, int | float):
        yield from _number_problems(value, schema, path)
    yield from _combination_problems(value, schema, path)


def _type_problem(value: Any, schema: Schema, path: str) -> str | None:
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string"):
        fits = isinstance(value, int | str) and not isinstance(value, bool)
        kind = "integer,string"
    elif kind is None:
        return None
    elif kind == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool)
    elif kind == "number":
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        fits = isinstance(value, {"object": dict, "array": list, "string": str, "boolean": bool}[kind])
    if fits:
        return None
    found = _type_name(value)
    return f'{path}: Invalid value: "{found}": {path} in body must be of type {kind}: "{found}"'


def _type_name(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def _object_problems(value: dict[str, Any], schema: Schema, path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            yield f"{join(path, name)}: Required value"
    for name, child in value.items():
        child_schema = properties.get(name, schema.get("additionalProperties"))
        if isinstance(child_schema, dict):
            yield from problems(child, child_schema, join(path, name))
    if len(value) > schema.get("maxProperties", len(value)):
        yield f"{path}: Too many: {len(value)}: must have at most {schema['maxProperties']} items"
    if len(value) < schema.get("minProperties", 0):
        yield _body(path, len(value), f"should have at least {schema['minProperties']} properties")


def _list_problems(value: list[Any], schema: Schema, path: str) -> Iterator[str]:
    if len(value) > schema.get("maxItems", len(value)):
        yield f"{path}: Too many: {len(value)}: must have at most {schema['maxItems']} items"
    if len(value) < schema.get("minItems", 0):
        yield _body(path, len(value), f"should have at least {schema['minItems']} items")
    for index, item in enumerate(value):
        yield from problems(item, schema.get("items", {}), f"{path}[{index}]")
    seen: list[Any] = []
    for index, item in enumerate(value):
        identity = _list_identity(item, schema)
        if identity is not None and identity in seen:
            yield f"{path}[{index}]: Duplicate value: {json.dumps(identity)}"
        seen.append(identity)


def _list_identity(item: Any, schema: Schema) -> Any:
    """What must be unique in a list: the item of a set, the keys of a map's item, else nothing."""
    match schema.get("x-kubernetes-list-type"):
        case "set":
            return item
        case "map" if isinstance(item, dict):
            return {key: item.get(key) for key in schema.get("x-kubernetes-list-map-keys", [])}
        case _:
            return None


def _string_problems(value: str, schema: Schema, path: str) -> Iterator[str]:
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{path}: Too long: may not be more than {schema['maxLength']} bytes"
    if len(value) < schema.get("minLength", 0):
        yield _body(path, value, f"should be at least {schema['minLength']} chars long")
    pattern = schema.get("pattern")
    if pattern and not _compiled(pattern).search(value):
        yield _body(path, value, f"should match '{pattern}'")


def _number_problems(value: float, schema: Schema, path: str) -> Iterator[str]:
    minimum, maximum = schema.get("minimum"), schema.get("maximum")
    if minimum is not None and (value < minimum or (schema.get("exclusiveMinimum") and value == minimum)):
        words = "greater than" if schema.get("exclusiveMinimum") else "greater than or equal to"
        yield _body(path, value, f"should be {words} {minimum}")
    if maximum is not None and (value > maximum or (schema.get("exclusiveMaximum") and value == maximum)):
        words = "less than" if schema.get("exclusiveMaximum") else "less than or equal to"
        yield _body(path, value, f"should be {words} {maximum}")
    if schema.get("multipleOf") and value % schema["multipleOf"]:
        yield _body(path, value, f"should be a multiple of {schema['multipleOf']}")


def _combination_problems(value: Any, schema: Schema, path: str) -> Iterator[str]:
    def satisfied(options: list[Schema]) -> int:
        return sum(not any(problems(value, option, path)) for option in options)

    for part in schema.get("allOf", []):
        yield from problems(value, part, path)
    if "anyOf" in schema and not satisfied(schema["anyOf"]):
        yield f'{path}: Invalid value: "": "{path}" must validate at least one schema (anyOf)'
    if "oneOf" in schema and (valid := satisfied(schema["oneOf"])) != 1:
        found = f"Found {valid} valid alternatives" if valid else "Found none valid"
        yield f'{path}: Invalid value: "": "{path}" must validate one and only one schema (oneOf). {found}'
    if "not" in schema and satisfied([schema["not"]]):
        yield f'{path}: Invalid value: "": "{path}" must not validate the schema (not)'


def _body(path: str, value: Any, words: str) -> str:
    return f"{path}: Invalid value: {json.dumps(value)}: {path} in body {words}"


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Go's expressions as Python's: the end of the text is `\\z` there and `\\Z` here."""
    return re.compile(pattern.replace("\\z", "\\Z"))
