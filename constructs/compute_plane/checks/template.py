"""A synthesized CloudFormation template, as the rules read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.iam.flatten import as_list


class Template:
    """The resources of one template. References stay as they are; `flatten` turns them into text."""

    def __init__(self, content: Mapping[str, Any], account: str | None = None) -> None:
        """`account` is the one that the template is for, where it is known."""
        self.account = account
        self.resources: Mapping[str, Mapping[str, Any]] = content.get("Resources") or {}

    def of_type(self, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical ids and properties of the resources of these types."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] in types:
                yield logical_id, resource.get("Properties") or {}

    def type_of(self, logical_id: str) -> str | None:
        """None for a pseudo parameter, a parameter, or a resource of another template."""
        resource = self.resources.get(logical_id)
        return resource["Type"] if resource else None

    def properties(self, logical_id: str) -> Mapping[str, Any]:
        return self.resources.get(logical_id, {}).get("Properties") or {}

    def referred_to(self, value: Any) -> str | None:
        """The logical id of a resource of this template that a Ref or Fn::GetAtt names."""
        match value:
            case {"Ref": str() as logical_id} | {"Fn::GetAtt": [str() as logical_id, *_]}:
                return logical_id if logical_id in self.resources else None
            case _:
                return None

    def attached_to(self, role: str, properties: Mapping[str, Any]) -> bool:
        """Whether a policy resource with these properties is attached to the role with this logical id."""
        roles = [*as_list(properties.get("Roles")), *as_list(properties.get("RoleName"))]
        return any(self.referred_to(attached) == role for attached in roles)
