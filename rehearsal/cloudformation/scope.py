"""Where the names in a stack's template get their values while it is deployed."""

from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation import conditions
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.intrinsics import Resolver
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.schemas import value_at
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store, Submission


class StackScope:
    """Resolves against the resources that exist by now, and notes what was read from other stacks."""

    def __init__(self, store: Store, stack: Stack, submission: Submission, resources: Mapping[str, Resource]) -> None:
        self._store, self._stack, self._submission, self._resources = store, stack, submission, resources
        self._conditions = submission.template.section("Conditions")
        self.mappings: Mapping[str, Any] = submission.template.section("Mappings")
        self.imports: set[str] = set()
        self.reads: set[tuple[str, str]] = set()
        self.resolve: Resolver = Resolver(self)

    def reference(self, name: str) -> Any:
        pseudo = self._pseudo_parameters()
        if name in pseudo:
            return pseudo[name]
        if name in self._submission.parameters.resolved:
            return self._submission.parameters.resolved[name]
        return self._resource(name).physical_id

    def attribute(self, logical_id: str, attribute: str) -> Any:
        resource = self._resource(logical_id)
        if attribute in resource.attributes:
            return resource.attributes[attribute]
        value = value_at(dict(resource.properties), tuple(attribute.split(".")))
        if value is not None and not resource.is_custom:
            return value
        if resource.is_custom:
            raise ValidationError(
                f"CustomResource attribute error: Vendor response doesn't contain {attribute} attribute in object "
                f"{self._stack.id}|{logical_id}"
            )
        offered = ", ".join(sorted(resource.attributes))
        raise ValidationError(
            f"Requested attribute {attribute} does not exist in schema for {resource.type}; it has {offered}"
        )

    def condition(self, name: str) -> bool:
        return conditions.evaluate(name, self._conditions, self.resolve)

    def zones(self, region: str) -> list[str]:
        place = self._store.place
        if region not in ("", place.region):
            raise ValidationError(f"Template error: Fn::GetAZs knows {place.region} here; got {region}")
        return list(place.zones)

    def import_value(self, name: str) -> Any:
        exports = self._store.exports()
        if name not in exports:
            raise ValidationError(f"No export named {name} found.")
        self.imports.add(name)
        return exports[name][1].value

    def stack_output(self, stack_name: str, output_name: str, region: str | None) -> Any:
        if region not in (None, self._store.place.region):
            raise ValidationError(
                f"Fn::GetStackOutput: the rehearsal holds {self._store.place.region} only; got {region}"
            )
        stack = self._store.get(stack_name)
        if stack is None:
            raise ValidationError(f"Fn::GetStackOutput: Stack with id {stack_name} does not exist")
        for output in stack.state.outputs:
            if output.key == output_name:
                self.reads.add((stack.name, output_name))
                return output.value
        raise ValidationError(f"Fn::GetStackOutput: Output {output_name} does not exist in stack {stack_name}")

    def wanted(self) -> dict[str, dict[str, Any]]:
        """The resources whose conditions hold."""
        return {
            logical_id: declared
            for logical_id, declared in self._submission.template.resources.items()
            if "Condition" not in declared or self.condition(declared["Condition"])
        }

    def _resource(self, logical_id: str) -> Resource:
        if logical_id not in self._resources:
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{logical_id}]: the resource does not exist"
            )
        return self._resources[logical_id]

    def _pseudo_parameters(self) -> dict[str, Any]:
        place = self._store.place
        return {
            "AWS::AccountId": place.account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": place.partition,
            "AWS::Region": place.region,
            "AWS::StackId": self._stack.id,
            "AWS::StackName": self._stack.name,
            "AWS::URLSuffix": place.url_suffix,
        }
