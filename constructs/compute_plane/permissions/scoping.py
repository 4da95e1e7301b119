"""Narrows an action to the resources that the templates hold, by their names or by the tags of their stacks."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.checks.actions import Action, ResourceType
from compute_plane.iam.flatten import as_list
from compute_plane.permissions.assembly import Place
from compute_plane.permissions.corrections import table
from compute_plane.permissions.inventory import Inventory, Owned
from compute_plane.permissions.need import Condition, Need, condition_of
from compute_plane.permissions.patterns import overlap

STACK_TAG = "aws:ResourceTag/aws:cloudformation:stack-name"
ANY_TAG = "aws:ResourceTag/${TagKey}"
# IAM answers in one region for all of them, and a request for it counts as one for that region.
GLOBAL_SERVICES = {"iam": {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}}


class Scoping:
    """The scopes of one assembly's actions."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory, self._place = inventory, inventory.assembly.place
        tags = [set(stack.tags.items()) for stack in inventory.assembly.stacks]
        self._own_tags = condition_of(
            {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in set.intersection(*tags)}}
        )
        self._of_stacks = condition_of({"StringEquals": {STACK_TAG: inventory.lists["StackNames"]}})

    def needs(self, action: Action, resource_type: str) -> Iterator[Need]:
        """What `action` needs on behalf of one type of resource."""
        rows = [row for row in table("scopes") if row["action"] == action.name]
        rows = [row for row in rows if row.get("for") == resource_type] or [row for row in rows if "for" not in row]
        if not rows:
            yield from self._derived(action, resource_type)
        for row in rows:
            condition = self._condition(row.get("condition", {}))
            for resource in row["resources"]:
                if resource == "${Derived}":
                    yield from self._derived(action, resource_type)
                else:
                    for arn in self._listed(resource):
                        yield Need(action.name, arn, condition, row.get("name", ""))

    def _derived(self, action: Action, resource_type: str) -> Iterator[Need]:
        if not action.resource_types:
            region = requested_region(action.name.partition(":")[0], self._place)
            yield Need(action.name, "*", condition_of({"StringEquals": {"aws:RequestedRegion": region}}), "InRegion")
            return
        tagging = action.access_level == "Tagging"
        for kind in action.resource_types:
            arn = re.sub(r"\$\{\w+\}", "*", self._place.filled(kind.arn))
            found = [owned for owned in self._inventory.owned if overlap(owned.arn, arn)]
            # A tag goes onto the resource whose handler asks for it.
            for owned in [each for each in found if each.resource_type == resource_type or not tagging]:
                yield from self._on(action, kind, owned)
            if kind.required and not found and not tagging:
                yield Need(action.name, arn)

    def _on(self, action: Action, kind: ResourceType, owned: Owned) -> Iterator[Need]:
        creating, service = self._creating(owned.resource_type), action.name.partition(":")[0]
        early: list[str] = table("resources")[owned.resource_type].get("early", [])
        if f"{service}:CreateAction" in action.own_keys and creating and not re.search(":(Delete|Untag)", action.name):
            condition = condition_of({"StringEquals": {f"{service}:CreateAction": self._made(service)}})
            yield Need(action.name, owned.arn, condition, "WhileCreating")
            if owned.own_tags:
                return  # Whoever can add these tags later can call anything their own.
        if not action.mutates or action.name in creating or ANY_TAG not in kind.condition_keys:
            yield Need(action.name, owned.arn)
        elif owned.tagged:
            yield Need(action.name, owned.arn, self._of_stacks, "OfOurStacks")
        elif owned.own_tags and self._own_tags and action.access_level != "Tagging" and action.name not in early:
            yield Need(action.name, owned.arn, self._own_tags, "WithOurTags")
        else:
            yield Need(action.name, owned.arn)

    def _made(self, service: str) -> list[str]:
        """The operations that make what the templates hold; each lets tags onto what it makes and nothing else."""
        made = {each for kind in self._inventory.actions for each in self._creating(kind)}
        return sorted(each.partition(":")[2] for each in made if each.startswith(f"{service}:"))

    def _creating(self, resource_type: str) -> list[str]:
        """The actions that make a resource of the type: what they make has no tags yet."""
        created = self._inventory.actions.get(resource_type, {}).get("create", frozenset[str]())
        service = resource_type.split("::")[1].lower()
        prefix = f"{'elasticfilesystem' if service == 'efs' else service}:"
        return sorted(each for each in created if re.match(f"{prefix}(Create|Allocate)(?!Tags)", each))

    def _listed(self, resource: str) -> list[str]:
        """A text of the table: the name of a list, or an ARN to fill in."""
        listed = self._inventory.lists.get(resource.removeprefix("${").removesuffix("}"))
        return [self._place.filled(resource)] if listed is None else listed

    def _condition(self, block: Mapping[str, Mapping[str, Any]]) -> Condition:
        return condition_of(
            {
                operator: {
                    key: [each for value in as_list(values) for each in self._listed(value)]
                    for key, values in tests.items()
                }
                for operator, tests in block.items()
            }
        )


def requested_region(service: str, place: Place) -> str:
    """What `aws:RequestedRegion` is in a request to a service."""
    return GLOBAL_SERVICES.get(service, {}).get(place.partition, place.region)
