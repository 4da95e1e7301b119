"""Custom resource definitions: which resources one declares, and when it is refused."""

from collections.abc import Iterator
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.errors import bad_request, invalid
from rehearsal.kube_api.pruning import fill_defaults, prune, unknown_fields
from rehearsal.kube_api.schemas import problems


def declared_resources(definition: dict[str, Any]) -> list[Resource]:
    """One resource for each served version."""
    spec = definition["spec"]
    names = spec["names"]
    return [
        Resource(
            group=spec["group"],
            version=version["name"],
            plural=names["plural"],
            kind=names["kind"],
            namespaced=spec["scope"] == "Namespaced",
            short_names=tuple(names.get("shortNames") or ()),
            status="status" in (version.get("subresources") or {}),
            scale=_scales_replicas(version),
            schema=version["schema"]["openAPIV3Schema"],
        )
        for version in spec["versions"]
        if version["served"]
    ]


def _scales_replicas(version: dict[str, Any]) -> bool:
    """The scale subresource is served where it stands for `spec.replicas`, as nearly everywhere."""
    scale = (version.get("subresources") or {}).get("scale") or {}
    return scale.get("specReplicasPath") == ".spec.replicas"


def check_definition(definition: dict[str, Any]) -> None:
    """Refuse a definition that `apiextensions.k8s.io/v1` would refuse."""
    name = definition["metadata"]["name"]
    found = list(_definition_problems(name, definition.get("spec") or {}))
    if found:
        raise invalid("CustomResourceDefinition.apiextensions.k8s.io", name, found)


def _definition_problems(name: str, spec: dict[str, Any]) -> Iterator[str]:
    names, versions = spec.get("names") or {}, spec.get("versions") or []
    for field in ("group", "scope"):
        if not spec.get(field):
            yield f"spec.{field}: Required value"
    for field in ("plural", "kind"):
        if not names.get(field):
            yield f"spec.names.{field}: Required value"
    if spec.get("scope") not in (None, "Cluster", "Namespaced"):
        yield f'spec.scope: Unsupported value: "{spec["scope"]}": supported values: "Cluster", "Namespaced"'
    expected = f"{names.get('plural')}.{spec.get('group')}"
    if name != expected:
        yield f'metadata.name: Invalid value: "{name}": must be spec.names.plural+"."+spec.group'
    if sum(bool(version.get("storage")) for version in versions) != 1:
        yield "spec.versions: Invalid value: must have exactly one version marked as storage version"
    for index, version in enumerate(versions):
        at = f"spec.versions[{index}]"
        for field in ("name", "served", "storage"):
            if field not in version:
                yield f"{at}.{field}: Required value"
        if not (version.get("schema") or {}).get("openAPIV3Schema"):
            yield f"{at}.schema.openAPIV3Schema: Required value: schemas are required"


def enforce_schema(resource: Resource, value: dict[str, Any], *, validation: str) -> list[str]:
    """Default, prune and check a custom resource; returns the warnings that `Warn` mode gives."""
    schema = resource.schema
    if schema is None:
        return []
    unknown = list(unknown_fields(value, schema))
    if unknown and validation == "Strict":
        listed = ", ".join(f'unknown field "{path}"' for path in unknown)
        raise bad_request(
            f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
            f"strict decoding error: {listed}"
        )
    prune(value, schema)
    fill_defaults(value, schema)
    body = {name: child for name, child in value.items() if name != "metadata"}
    required = [name for name in schema.get("required", []) if name != "metadata"]
    found = list(problems(body, {**schema, "required": required}))
    if found:
        raise invalid(resource.qualified_kind, value["metadata"].get("name", ""), found)
    return [f'unknown field "{path}"' for path in unknown] if validation == "Warn" else []
