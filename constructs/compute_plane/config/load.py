"""Reads one environment's file and finds everything that is wrong with it, before any construct exists."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.errors import ConfigurationError, Problem, problem, suggestion
from compute_plane.config.repair import sound_part
from compute_plane.config.rules import RULES


def load(path: Path) -> EnvironmentConfig:
    """The environment in `path`. Raises ConfigurationError with every problem of the file."""
    document = _read(path)
    sections: dict[str, Any] = {}
    problems = [*_unknown_keys(document), *_empty_values(document)]
    for name, field in EnvironmentConfig.model_fields.items():
        if name not in document:
            if field.is_required():
                problems.append(Problem((name,), None, "is required"))
            else:
                sections[name] = field.get_default(call_default_factory=True)
            continue
        try:
            sections[name] = _adapter(field).validate_python(document[name], strict=True)
        except ValidationError as error:
            problems += [_translated(name, field, each) for each in error.errors() if each["input"] is not None]
            sections |= sound_part(name, _adapter(field), document[name])
    problems += [found for rule in RULES for found in rule.problems(sections)]
    if problems:
        raise ConfigurationError(path, problems)
    return EnvironmentConfig(**sections)


def environment_file(root: Path, name: str) -> Path:
    """`config/<name>.yaml`, or a ConfigurationError that lists the environments there are."""
    path = root / "config" / f"{name}.yaml"
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.yaml"))
        expected = f"no environment '{name}'; expected one of {known}{suggestion(name, known)}"
        raise ConfigurationError(path, [Problem((), None, expected)])
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(path, [Problem((), None, f"cannot be read: {error.strerror}")]) from None
    except (MarkedYAMLError, ValueError) as error:
        raise ConfigurationError(path, [Problem((), None, " ".join(str(error).split()))]) from None
    if not isinstance(document, dict):
        raise ConfigurationError(path, [Problem((), document, "expected a map of settings")])
    return {str(key): value for key, value in document.items()}


def _unknown_keys(document: Mapping[str, Any]) -> Iterator[Problem]:
    allowed = list(EnvironmentConfig.model_fields)
    for key in sorted(document.keys() - set(allowed)):
        yield Problem((key,), None, f"unknown key; expected one of {allowed}{suggestion(key, allowed)}")


def _empty_values(node: object, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """`file_system:` without a value would pass for a file system that nobody wants."""
    if node is None:
        yield Problem(path, None, "is empty: give it a value ({} for the defaults), or remove the key")
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        # A null among Helm values takes one of the plane's own away (CDK drops it on the way to the chart).
        if value is None or not (len(path) == 2 and path[0] == "addons" and key == "values"):
            yield from _empty_values(value, (*path, key))


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, Annotated)[field.annotation, field])


def _translated(section: str, field: FieldInfo, error: Any) -> Problem:
    location, keys = _step(error["loc"], field.annotation)
    return problem({**error, "loc": (section, *location)}, keys)


def _step(location: tuple[str | int, ...], annotation: Any) -> tuple[tuple[str | int, ...], list[str]]:
    """The location without pydantic's names of union members, and the keys of the innermost model on the way."""
    path: list[str | int] = []
    keys: list[str] = []
    current = annotation
    for part in location:
        model = _model(current)
        if model is not None:
            fields = {info.alias or name: info for name, info in model.model_fields.items()}
            keys = list(fields)
            if part in fields:
                current = fields[str(part)].annotation
                path.append(part)
                continue
        if isinstance(part, int) or model is not None or _is_map(current):
            path.append(part)
            members = get_args(current)
            current = members[-1] if members else None
    return tuple(path), keys


def _model(annotation: Any) -> type[BaseModel] | None:
    candidates = [annotation, *get_args(annotation)]
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _is_map(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict
