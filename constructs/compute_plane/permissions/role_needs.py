"""Roles that are passed to services, roles that services make for themselves, and what may be attached to roles."""

from collections.abc import Iterator, Mapping
from typing import Any

from compute_plane.iam.flatten import as_list
from compute_plane.permissions.assembly import Stack
from compute_plane.permissions.corrections import table, uses
from compute_plane.permissions.inventory import Inventory
from compute_plane.permissions.need import Condition, Need, condition_of
from compute_plane.permissions.values import UNKNOWN

BOUNDED = ("iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")


class RoleNeeds:
    """What the templates of one assembly ask for around roles."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory, self._values, self._place = inventory, inventory.values, inventory.assembly.place
        self._attached = self._conditions()

    def passed(self, stack: Stack, resource_type: str, properties: Mapping[str, Any]) -> Iterator[Need]:
        """The roles that a resource names, each for the services that may get it."""
        for holder, logical_id in self._inventory.roles_in(stack, properties):
            role = holder.template["Resources"][logical_id]["Properties"]
            services = table("roles")["passed_to"].get(resource_type) or self._trusted(holder, role)
            if services:
                condition = condition_of({"StringEquals": {"iam:PassedToService": sorted(services)}})
                short = "And".join(
                    dict.fromkeys(service.split(".")[0].title().replace("-", "") for service in services)
                )
                for arn in self._values.arns(holder, logical_id):
                    yield Need("iam:PassRole", arn, condition, f"PassRolesTo{short}")

    def service_linked(self, resource_type: str, properties: Mapping[str, Any]) -> Iterator[Need]:
        """The roles that AWS makes for a service when the first resource of the type appears in an account."""
        for row in table("roles")["service_linked"].get(resource_type, ()):
            if uses(row.get("when"), properties):
                arn = self._place.filled(
                    f"arn:${{Partition}}:iam::${{Account}}:role/aws-service-role/{row['service']}/{row['role']}"
                )
                condition = condition_of({"StringEquals": {"iam:AWSServiceName": row["service"]}})
                name = row["role"].removeprefix("AWSServiceRoleFor")
                yield Need("iam:CreateServiceLinkedRole", arn, condition, f"CreateServiceLinkedRoleFor{name}")
                # The service looks whether the role is there already, on behalf of the caller.
                yield Need("iam:GetRole", arn)

    def bounded(self, need: Need) -> Need:
        """The need, for an action that gives rights to a role, under what the templates give."""
        label, condition = self._attached.get(need.action, ("", ()))
        return Need(need.action, need.resource, condition, label) if condition else need

    def _conditions(self) -> Mapping[str, tuple[str, Condition]]:
        roles = [
            (stack, properties)
            for stack in self._inventory.assembly.stacks
            for _, kind, properties in stack.resources()
            if kind == "AWS::IAM::Role"
        ]
        policies = {
            arn for stack, role in roles for arn in self._values.texts(stack, role.get("ManagedPolicyArns", []))
        }
        policies |= {owned.arn for owned in self._inventory.owned if owned.resource_type == "AWS::IAM::ManagedPolicy"}
        boundaries = {tuple(self._values.texts(stack, role.get("PermissionsBoundary", []))) for stack, role in roles}
        [boundary, *others] = boundaries or {()}
        whole = len(boundary) == 1 and UNKNOWN not in boundary[0] and not others
        bounded = {"iam:PermissionsBoundary": boundary[0]} if whole else {}
        found: dict[str, tuple[str, Condition]] = {}
        for action in BOUNDED:
            block = {"StringEquals": bounded} if bounded else {}
            if action == "iam:AttachRolePolicy" and policies:
                found[action] = (
                    "AttachNamedPolicies",
                    condition_of(block | {"ArnLike": {"iam:PolicyARN": sorted(policies)}}),
                )
            elif block:
                found[action] = "BoundRoles", condition_of(block)
        return found

    def _trusted(self, stack: Stack, role: Mapping[str, Any]) -> list[str]:
        """The services that may assume a role; none for one that only accounts or an identity provider may."""
        trust = role["AssumeRolePolicyDocument"]
        statements: list[Any] = as_list(trust["Statement"]) if "Statement" in trust else []
        principals = [statement["Principal"] for statement in statements if isinstance(statement["Principal"], dict)]
        return sorted({name for each in principals for name in self._values.texts(stack, each.get("Service", []))})
