"""The calls that only read."""

from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation import parameters
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.journal import Event
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store
from rehearsal.cloudformation.submissions import Submissions

Call = Mapping[str, Any]
EVENTS_PER_PAGE = 100


class Descriptions:
    """One method a call, named as the API names it."""

    def __init__(self, store: Store, submissions: Submissions) -> None:
        self._store, self._submissions = store, submissions

    def describe_stacks(self, call: Call) -> dict[str, Any]:
        stacks = [self._store.find(str(call["StackName"]))] if "StackName" in call else self._store.live
        return {"Stacks": [self._stack(stack) for stack in stacks]}

    def list_stacks(self, call: Call) -> dict[str, Any]:
        wanted = set(call.get("StackStatusFilter") or [])
        stacks = [stack for stack in self._store.stacks if not wanted or stack.status in wanted]
        names = ("StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime", "StackStatus")
        return {"StackSummaries": [{name: self._stack(stack)[name] for name in names} for stack in stacks]}

    def describe_stack_events(self, call: Call) -> dict[str, Any]:
        events = self._store.journal.of_stack(self._store.find(str(call["StackName"])).id)
        first = int(call.get("NextToken") or 0)
        last = first + EVENTS_PER_PAGE
        token = str(last) if last < len(events) else None
        return {"StackEvents": [event_row(event) for event in events[first:last]], "NextToken": token}

    def describe_events(self, call: Call) -> dict[str, Any]:
        """Early validation findings: there are none, a change set fails with its whole reason here."""
        return {"OperationEvents": []}

    def list_hook_results(self, call: Call) -> dict[str, Any]:
        """No hooks are registered."""
        return {"HookResults": []}

    def get_template(self, call: Call) -> dict[str, Any]:
        body = self._store.find(str(call["StackName"])).state.template.body
        return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}

    def get_template_summary(self, call: Call) -> dict[str, Any]:
        stack = self._store.find(str(call["StackName"])) if "StackName" in call else None
        template = stack.state.template if stack else self._submissions.template(call)
        by_type: dict[str, list[str]] = {}
        for logical_id, resource in template.resources.items():
            by_type.setdefault(str(resource["Type"]), []).append(logical_id)
        return {
            "Description": template.content.get("Description"),
            "Parameters": [
                {"ParameterKey": key, "ParameterType": one["Type"], "DefaultValue": one.get("Default")}
                for key, one in template.parameters.items()
            ],
            "ResourceTypes": sorted(by_type),
            "ResourceIdentifierSummaries": [
                {
                    "ResourceType": resource_type,
                    "LogicalResourceIds": logical_ids,
                    "ResourceIdentifiers": [".".join(path) for path in self._store.registry.identifier(resource_type)],
                }
                for resource_type, logical_ids in by_type.items()
            ],
        }

    def list_stack_resources(self, call: Call) -> dict[str, Any]:
        stack = self._store.find(str(call["StackName"]))
        return {"StackResourceSummaries": [self._resource(stack, one) for one in stack.resources.values()]}

    def describe_stack_resources(self, call: Call) -> dict[str, Any]:
        stack = self._store.find(str(call["StackName"]))
        wanted = call.get("LogicalResourceId")
        rows = [
            {"StackId": stack.id, "StackName": stack.name, "Timestamp": stack.created, **self._resource(stack, one)}
            for one in stack.resources.values()
            if wanted in (None, one.logical_id)
        ]
        if wanted and not rows:
            raise ValidationError(f"Resource {wanted} does not exist for stack {stack.name}")
        return {"StackResources": rows}

    def list_exports(self, call: Call) -> dict[str, Any]:
        exports = self._store.exports().items()
        return {
            "Exports": [
                {"ExportingStackId": s.id, "Name": name, "Value": output.value} for name, (s, output) in exports
            ]
        }

    def list_imports(self, call: Call) -> dict[str, Any]:
        name = str(call["ExportName"])
        if importers := self._store.importers(name):
            return {"Imports": importers}
        raise ValidationError(f"Export '{name}' is not imported by any stack.")

    @staticmethod
    def _resource(stack: Stack, resource: Resource) -> dict[str, Any]:
        return {
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id,
            "ResourceType": resource.type,
            "ResourceStatus": resource.status,
            "LastUpdatedTimestamp": stack.updated or stack.created,
        }

    @staticmethod
    def _stack(stack: Stack) -> dict[str, Any]:
        state = stack.state
        return {
            "StackId": stack.id,
            "StackName": stack.name,
            "Description": state.template.content.get("Description"),
            "CreationTime": stack.created,
            "LastUpdatedTime": stack.updated,
            "DeletionTime": stack.deleted,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "DisableRollback": stack.disable_rollback,
            "EnableTerminationProtection": stack.protected,
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            "Parameters": parameters.shown(state.template, state.parameters),
            "Tags": [{"Key": key, "Value": value} for key, value in state.tags.items()],
            "Outputs": [
                {"OutputKey": o.key, "OutputValue": o.value, "ExportName": o.export, "Description": o.description}
                for o in state.outputs
            ],
        }


def event_row(event: Event) -> dict[str, Any]:
    """An event as DescribeStackEvents shows it."""
    return {
        "StackId": event.stack_id,
        "EventId": event.event_id,
        "StackName": event.stack_name,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.at,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason,
    }
