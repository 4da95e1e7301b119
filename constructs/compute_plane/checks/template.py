"""A synthesized CloudFormation template, as the rules read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.variants import variants
from compute_plane.iam.flatten import as_list, flatten

NO_FACTS = PlaneFacts()
ROLE = "AWS::IAM::Role"
ONE_REFERENCE = re.compile(r"\$\{(\w+)(?:\.\w+)?\}")


class Template:
    """The resources of one template. References stay as they are; `flatten` turns them into text."""

    def __init__(self, content: Mapping[str, Any], facts: PlaneFacts = NO_FACTS) -> None:
        """`facts` are those of the plane that the template is for."""
        self.facts = facts
        self.resources: Mapping[str, Mapping[str, Any]] = content.get("Resources") or {}
        self.parameters: Mapping[str, Mapping[str, Any]] = content.get("Parameters") or {}
        self.outputs: Mapping[str, Mapping[str, Any]] = content.get("Outputs") or {}

    @property
    def account(self) -> str | None:
        """The account that the template is for, where it is known."""
        return self.facts.account

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
        """The logical id of a resource of this template that a Ref or Fn::GetAtt names, or text that is only that."""
        match value:
            case {"Ref": str() as logical_id} | {"Fn::GetAtt": [str() as logical_id, *_]}:
                return logical_id if logical_id in self.resources else None
            case {"Fn::Sub": str() as text} if found := ONE_REFERENCE.fullmatch(text):
                return found[1] if found[1] in self.resources else None
            case {"Fn::Join": [_, [only]]}:
                return self.referred_to(only)
            case _:
                return None

    def roles_called(self, name: str | None, ending: str) -> Iterator[str]:
        """Logical ids of the roles with this name; where the plane's name for it is unknown, with this ending."""
        for logical_id, properties in self.of_type(ROLE):
            given = flatten(properties.get("RoleName"))
            if given == name or (name is None and given.endswith(ending)):
                yield logical_id

    def attached_to(self, role: str, properties: Mapping[str, Any]) -> bool:
        """Whether a policy with these properties is attached to this role, in any variant; PIN3 has the unreadable."""
        return any(self.role_named(attached) == role for attached in self.attachments(properties))

    def attachments(self, properties: Mapping[str, Any]) -> list[Any]:
        """What names the roles that a policy with these properties is attached to, in any variant."""
        named = [properties[key] for key in ("Roles", "RoleName") if key in properties]
        return [role for variant in variants(named) for roles in variant for role in as_list(roles)]

    def role_named(self, value: Any) -> str | None:
        """The logical id of the role of this template that is referred to, or written by its name."""
        if referred := self.referred_to(value):
            return referred
        return self._roles_by_name.get(flatten(value))

    @cached_property
    def _roles_by_name(self) -> dict[str, str]:
        roles = ((flatten(properties.get("RoleName")), logical_id) for logical_id, properties in self.of_type(ROLE))
        return {name: logical_id for name, logical_id in roles if name}
