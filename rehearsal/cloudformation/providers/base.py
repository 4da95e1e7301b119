"""What a provider is asked, what it answers, and how one is found for a type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.cloudformation.resource import Resource, is_custom


@dataclass(frozen=True)
class Request:
    """A resource as the template wants it; `token` is 64 hexadecimal digits to derive identifiers from."""

    stack_id: str
    stack_name: str
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    token: str


@dataclass(frozen=True)
class Made:
    """A resource as it exists: what Ref and Fn::GetAtt return."""

    physical_id: str
    attributes: Mapping[str, Any]


class Provider(Protocol):
    """Raises ResourceFailure with the service's own words."""

    def create(self, request: Request) -> Made: ...

    def update(self, request: Request, current: Resource) -> Made:
        """Change the resource in place; a custom resource may answer with another physical id."""
        ...

    def delete(self, request: Request, current: Resource) -> None: ...


class Providers:
    """The provider of each type: a special one, the custom resources' or the generic one."""

    def __init__(self, generic: Provider, custom: Provider, special: Mapping[str, Provider]) -> None:
        self._generic, self._custom, self._special = generic, custom, dict(special)

    def of(self, resource_type: str) -> Provider:
        if is_custom(resource_type):
            return self._custom
        return self._special.get(resource_type, self._generic)
