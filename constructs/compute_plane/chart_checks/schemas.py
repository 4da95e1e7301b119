"""Validates Kubernetes objects strictly: against the schemas of a Kubernetes version, and custom ones by definition."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from compute_plane.errors import UserError

DEFINITIONS = "_definitions.json"
REFERENCE = "https://kubernetes.io/api/_definitions.json"
PRESERVED = "x-kubernetes-preserve-unknown-fields"
LONGEST = 200
_REFERENCE = re.compile(r'<[\w:.]+>|\{"(?:Fn::\w+|Ref)":')


class Schemas:
    """The schemas that one cluster would have: Kubernetes' own, and those of the custom resources it knows."""

    def __init__(self, kubernetes: str, definitions: Iterable[Mapping[str, Any]]) -> None:
        self._folder = _kubernetes_schemas(kubernetes)
        content = json.loads((self._folder / DEFINITIONS).read_text(encoding="utf-8"))
        resource: Resource[Any] = Resource(contents=content, specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(REFERENCE, resource)
        self._custom: dict[tuple[str, str], Any] = {}
        for definition in definitions:
            spec = definition["spec"]
            for version in spec["versions"]:
                schema = (version.get("schema") or {}).get("openAPIV3Schema")
                key = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
                self._custom[key] = _object(schema) if schema else {}
        self._validator = cache(self._made)

    def errors(self, value: Mapping[str, Any]) -> list[str] | None:
        """What is wrong with an object, each with its place; None when nobody here knows its kind."""
        validator = self._validator(str(value.get("apiVersion")), str(value.get("kind")))
        if validator is None:
            return None
        errors = [error for error in validator.iter_errors(value) if not _is_reference(error.instance)]
        found = sorted(errors, key=lambda error: list(map(str, error.absolute_path)))
        return [
            f"{'.'.join(map(str, error.absolute_path)) or 'the object'}: {_short(error.message)}" for error in found
        ]

    def _made(self, api_version: str, kind: str) -> Draft202012Validator | None:
        if (api_version, kind) in self._custom:
            return Draft202012Validator(self._custom[api_version, kind])
        group, _, version = api_version.rpartition("/")
        file = self._folder / f"{'-'.join(filter(None, (kind.lower(), group.split('.')[0], version)))}.json"
        # A custom group may begin like one of Kubernetes' own, which have no dot or end in k8s.io.
        if ("." in group and not group.endswith(".k8s.io")) or not file.is_file():
            return None
        return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")), registry=self._registry)


def _kubernetes_schemas(kubernetes: str) -> Path:
    spec = find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise UserError(
            "the schemas of Kubernetes come with kubernetes-validate, which is not installed: "
            "pip install -r requirements-dev.txt"
        )
    folder = Path(spec.origin).parent / "kubernetes-json-schema" / f"v{kubernetes}.0-local-strict"
    if not folder.is_dir():
        known = sorted(each.name.split(".0-")[0].removeprefix("v") for each in folder.parent.glob("*-local-strict"))
        raise UserError(f"kubernetes-validate has no schemas of Kubernetes {kubernetes}; it has {known}")
    return folder


def _object(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A custom resource's schema as the server applies it: what every object has goes without saying."""
    closed = _closed(schema)
    if "properties" in closed:
        closed["properties"] = {
            **closed["properties"],
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
        }
    return closed


def _closed(schema: Any) -> Any:
    """JSON schema that refuses fields which the server would drop, and understands Kubernetes' own words."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _closed(value) for key, value in schema.items() if key != "properties"}
    if "properties" in schema:
        found["properties"] = {key: _closed(value) for key, value in schema["properties"].items()}
        if schema.get("type") == "object" and "additionalProperties" not in schema and not schema.get(PRESERVED):
            found["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        found["type"] = ["integer", "string"]
    if schema.get("x-kubernetes-embedded-resource"):
        found.pop("additionalProperties", None)
    if schema.get("nullable") and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found


def _is_reference(value: Any) -> bool:
    """Text that only CloudFormation will know, written as the reference that it is in the template."""
    return isinstance(value, str) and _REFERENCE.search(value) is not None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
