"""What CloudFormation refuses about a resource's properties before it calls the service."""

from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.resource import is_custom
from rehearsal.cloudformation.schemas import Registry, values_at


def check_properties(registry: Registry, logical_id: str, resource_type: str, properties: Mapping[str, Any]) -> None:
    """Required properties are there, unknown and read-only ones are not."""
    problems = [
        f"#: required key [{name}] not found" for name in registry.required(resource_type) if name not in properties
    ]
    permitted = None if is_custom(resource_type) else registry.permitted(resource_type)
    if permitted is not None:
        problems += [f"#: extraneous key [{name}] is not permitted" for name in properties if name not in permitted]
    identifier = registry.identifier(resource_type)
    problems += [
        f"#/{'/'.join(path)}: read-only property cannot be specified"
        for path in registry.read_only(resource_type)
        if path not in identifier and values_at(dict(properties), path)
    ]
    if problems:
        listed = "\n".join(problems)
        raise ResourceFailure(f"Properties validation failed for resource {logical_id} with message:\n{listed}")
