"""The calls that change stacks, without change sets."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from rehearsal.cloudformation.deletion import Deletion
from rehearsal.cloudformation.deployment import Deployment
from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.guard import refuse_stale_readers
from rehearsal.cloudformation.preview import preview
from rehearsal.cloudformation.rollback import roll_back
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Submission
from rehearsal.cloudformation.submissions import Submissions, is_true

Call = Mapping[str, Any]
UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
NO_UPDATES = "No updates are to be performed."


class Operations:
    """One method a call, named as the API names it."""

    def __init__(self, engine: Engine, submissions: Submissions) -> None:
        self._engine, self._store, self._submissions = engine, engine.store, submissions

    def create_stack(self, call: Call) -> dict[str, Any]:
        submission = self._submissions.submission(call)
        with self._store.lock:
            if self._store.get(str(call["StackName"])):
                raise ValidationError(f"Stack [{call['StackName']}] already exists", "AlreadyExistsException")
            stack = self._store.add(str(call["StackName"]))
            stack.protected = is_true(call.get("EnableTerminationProtection"))
            self.deploy(stack, submission, "CREATE", call)
        return {"StackId": stack.id}

    def update_stack(self, call: Call) -> dict[str, Any]:
        with self._store.lock:
            stack = self._store.find(str(call["StackName"]))
            refuse_unless_updatable(stack)
            submission = self._submissions.submission(call, stack)
            changes = preview(self._engine, stack, submission)
            if not changes and unchanged(stack, submission):
                raise ValidationError(NO_UPDATES)
            refuse_stale_readers(self._store, stack, changes)
            self.deploy(stack, submission, "UPDATE", call)
        return {"StackId": stack.id}

    def deploy(self, stack: Stack, submission: Submission, verb: str, call: Call) -> None:
        """Start a deployment; the status says so before the call returns."""
        stack.disable_rollback = is_true(call.get("DisableRollback")) or call.get("OnFailure") == "DO_NOTHING"
        stack.status = f"{verb}_IN_PROGRESS"
        failed = "ROLLBACK_FAILED" if verb == "CREATE" else "UPDATE_ROLLBACK_FAILED"
        self._engine.start(stack, failed, Deployment(self._engine, stack, submission, verb).run)

    def delete_stack(self, call: Call) -> None:
        with self._store.lock:
            stack = self._store.get(str(call["StackName"])) or self._by_id(str(call["StackName"]))
            if stack is None or not stack.alive or stack.status == "DELETE_IN_PROGRESS":
                return
            if stack.protected:
                raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
            if stack.busy:
                raise ValidationError(f"Stack [{stack.id}] cannot be deleted while in status {stack.status}")
            retain = frozenset(map(str, call.get("RetainResources") or []))
            force = call.get("DeletionMode") == "FORCE_DELETE_STACK"
            if (retain or force) and stack.status != "DELETE_FAILED":
                raise ValidationError(f"Stack [{stack.name}] is not in DELETE_FAILED state: it must be deleted whole.")
            if stack.status == "REVIEW_IN_PROGRESS":
                stack.enter("DELETE_COMPLETE")
                return
            before, stack.status = stack.status, "DELETE_IN_PROGRESS"
        deletion = Deletion(self._engine, stack, before, retain, force)
        self._engine.start(stack, "DELETE_FAILED", deletion.run)

    def rollback_stack(self, call: Call) -> dict[str, Any]:
        with self._store.lock:
            stack = self._store.find(str(call["StackName"]))
            if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
                raise ValidationError(f"Stack [{stack.name}] cannot be rolled back from status {stack.status}")
            self._roll_back(stack, creates=stack.status == "CREATE_FAILED", skip=frozenset())
        return {"StackId": stack.id}

    def continue_update_rollback(self, call: Call) -> dict[str, Any]:
        with self._store.lock:
            stack = self._store.find(str(call["StackName"]))
            if stack.status != "UPDATE_ROLLBACK_FAILED":
                raise ValidationError(f"Stack [{stack.name}] is in status {stack.status}: no rollback to continue")
            skip = frozenset(map(str, call.get("ResourcesToSkip") or []))
            self._roll_back(stack, creates=False, skip=skip)
        return {}

    def update_termination_protection(self, call: Call) -> dict[str, Any]:
        stack = self._store.find(str(call["StackName"]))
        stack.protected = is_true(call.get("EnableTerminationProtection"))
        return {"StackId": stack.id}

    def _roll_back(self, stack: Stack, *, creates: bool, skip: frozenset[str]) -> None:
        prefix = "ROLLBACK" if creates else "UPDATE_ROLLBACK"
        stack.status = f"{prefix}_IN_PROGRESS"
        work = partial(roll_back, self._engine, stack, "User Initiated", creates=creates, skip=skip)
        self._engine.start(stack, f"{prefix}_FAILED", work)

    def _by_id(self, stack_id: str) -> Stack | None:
        return next((stack for stack in self._store.stacks if stack.id == stack_id), None)


def refuse_unless_updatable(stack: Stack) -> None:
    """A stack at work, or one that can only be deleted, takes no update."""
    if stack.status not in UPDATABLE:
        raise ValidationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def unchanged(stack: Stack, submission: Submission) -> bool:
    """Whether template, parameters and tags are those that the stack has."""
    state = stack.state
    return (
        submission.template.content == state.template.content
        and submission.parameters == state.parameters
        and submission.tags == state.tags
    )
