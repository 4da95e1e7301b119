"""The calls about change sets."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.guard import refuse_stale_readers
from rehearsal.cloudformation.operations import Operations, refuse_unless_updatable, unchanged
from rehearsal.cloudformation.preview import Change, preview
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import ChangeSet, Submission
from rehearsal.cloudformation.submissions import Submissions, is_true

Call = Mapping[str, Any]
NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
POLICY_ACTIONS = {"Delete": "Delete", "Retain": "Retain", "RetainExceptOnCreate": "Retain", "Snapshot": "Snapshot"}


class ChangeSets:
    """One method a call, named as the API names it."""

    def __init__(self, engine: Engine, submissions: Submissions, operations: Operations) -> None:
        self._engine, self._store = engine, engine.store
        self._submissions, self._operations = submissions, operations

    def create_change_set(self, call: Call) -> dict[str, Any]:
        with self._store.lock:
            name, kind = str(call["StackName"]), str(call.get("ChangeSetType", "UPDATE"))
            stack = self._store.get(name) or next((one for one in self._store.live if one.id == name), None)
            if stack is None and kind == "UPDATE":
                raise ValidationError(f"Stack [{name}] does not exist")
            if kind == "CREATE" and stack and stack.status != "REVIEW_IN_PROGRESS":
                raise ValidationError(f"Stack [{name}] already exists and cannot be created again with the changeSet")
            if stack and stack.status != "REVIEW_IN_PROGRESS":
                refuse_unless_updatable(stack)
            submission = self._submissions.submission(call, stack)
            if stack is None:
                stack = self._store.add(name)
                stack.enter("REVIEW_IN_PROGRESS", "User Initiated")
            change_set = self._change_set(call, stack, submission, kind)
            self._store.change_sets.append(change_set)
        return {"Id": change_set.id, "StackId": stack.id}

    def describe_change_set(self, call: Call) -> dict[str, Any]:
        change_set = self._find(call)
        return {
            **self._summary(change_set),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in change_set.submission.parameters.given.items()
            ],
            "Tags": [{"Key": key, "Value": value} for key, value in change_set.submission.tags.items()],
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            "Changes": change_set.changes,
        }

    def list_change_sets(self, call: Call) -> dict[str, Any]:
        stack = self._store.find(str(call["StackName"]))
        return {"Summaries": [self._summary(one) for one in self._store.change_sets if one.stack is stack]}

    def delete_change_set(self, call: Call) -> None:
        try:
            self._store.change_sets.remove(self._find(call))
        except ValidationError:
            return  # CloudFormation deletes a change set that does not exist without a word

    def execute_change_set(self, call: Call) -> None:
        with self._store.lock:
            change_set = self._find(call)
            if change_set.execution_status != "AVAILABLE":
                raise ValidationError(
                    f"ChangeSet [{change_set.id}] cannot be executed in its current status of [{change_set.status}]",
                    "InvalidChangeSetStatus",
                )
            stack = change_set.stack
            if stack.status != "REVIEW_IN_PROGRESS":
                refuse_unless_updatable(stack)
            self._store.change_sets = [one for one in self._store.change_sets if one.stack is not stack]
            self._operations.deploy(stack, change_set.submission, change_set.verb, call)

    def _find(self, call: Call) -> ChangeSet:
        return self._store.find_change_set(str(call["ChangeSetName"]), call.get("StackName"))

    def _change_set(self, call: Call, stack: Stack, submission: Submission, kind: str) -> ChangeSet:
        creates = stack.status == "REVIEW_IN_PROGRESS"
        reason, changes = None, list[Change]()
        named = {str(one["LogicalResourceId"]) for one in call.get("ResourcesToImport") or []}
        try:
            imports = is_true(call.get("ImportExistingResources")) or bool(named)
            changes = preview(self._engine, stack, submission, import_existing=imports)
            refuse_stale_readers(self._store, stack, changes)
            if not changes and not creates and unchanged(stack, submission):
                reason = NO_CHANGES
        except ValidationError as error:
            reason = str(error)
        imported = frozenset(one.logical_id for one in changes if one.action == "Import")
        if missing := named - imported:
            reason = reason or f"Resources [{', '.join(sorted(missing))}] to import do not exist."
        identifier = f"changeSet/{call['ChangeSetName']}/{uuid.uuid4()}"
        return ChangeSet(
            id=self._store.place.arn("cloudformation", identifier),
            name=str(call["ChangeSetName"]),
            stack=stack,
            submission=replace(submission, imports=imported),
            verb="IMPORT" if kind == "IMPORT" else "CREATE" if creates else "UPDATE",
            changes=[shown(change) for change in changes],
            description=call.get("Description"),
            status="FAILED" if reason else "CREATE_COMPLETE",
            execution_status="UNAVAILABLE" if reason else "AVAILABLE",
            reason=reason,
        )

    @staticmethod
    def _summary(change_set: ChangeSet) -> dict[str, Any]:
        return {
            "ChangeSetId": change_set.id,
            "ChangeSetName": change_set.name,
            "StackId": change_set.stack.id,
            "StackName": change_set.stack.name,
            "CreationTime": change_set.created,
            "Description": change_set.description,
            "Status": change_set.status,
            "StatusReason": change_set.reason,
            "ExecutionStatus": change_set.execution_status,
        }


def shown(change: Change) -> dict[str, Any]:
    """A change as DescribeChangeSet shows it."""
    always = {name.split(".")[0] for name in change.replaced_by}
    recreation = "Conditionally" if change.replacement == "Conditional" else "Always"
    details = [
        {
            "Target": {
                "Attribute": "Tags" if name == "Tags" else "Properties",
                "Name": None if name == "Tags" else name,
                "RequiresRecreation": recreation if name in always else "Never",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for name in change.properties
    ]
    action = None
    if change.action == "Remove":
        action = POLICY_ACTIONS[change.policy]
    elif change.replaced_by:
        action = f"ReplaceAnd{POLICY_ACTIONS[change.policy]}"
    scope = sorted({"Tags" if name == "Tags" else "Properties" for name in change.properties})
    return {
        "Type": "Resource",
        "ResourceChange": {
            "PolicyAction": action,
            "Action": change.action,
            "LogicalResourceId": change.logical_id,
            "PhysicalResourceId": change.physical_id or None,
            "ResourceType": change.type,
            "Replacement": change.replacement,
            "Scope": scope,
            "Details": details,
        },
    }
