"""Creates or updates a stack: resources in dependency order, then outputs, then clean-up or rollback."""

import sys
import threading
import traceback
from typing import Any

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ResourceFailure, StackRefusal, ValidationError
from rehearsal.cloudformation.outputs import resolve_outputs
from rehearsal.cloudformation.references import graph
from rehearsal.cloudformation.removal import on_deletion, on_replacement, remove_all
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.resource_change import ResourceChanger, Wanted
from rehearsal.cloudformation.rollback import roll_back
from rehearsal.cloudformation.scope import StackScope
from rehearsal.cloudformation.stack import Stack, State, Undo
from rehearsal.cloudformation.store import Submission
from rehearsal.cloudformation.walk import walk


class Deployment:
    """One operation on one stack; `verb` is CREATE, UPDATE or IMPORT."""

    def __init__(self, engine: Engine, stack: Stack, submission: Submission, verb: str) -> None:
        self._engine, self._stack, self._submission, self._verb = engine, stack, submission, verb
        self._scope = StackScope(engine.store, stack, submission, stack.resources)
        self._failed = threading.Event()
        self._recording = threading.Lock()
        self._changer = ResourceChanger(engine, stack, self._record, self._failed.is_set)

    def run(self) -> None:
        self._stack.enter(f"{self._verb}_IN_PROGRESS", "User Initiated")
        wanted = self._scope.wanted()
        needs = graph(wanted)
        failures = walk(needs, lambda logical_id: self._apply(logical_id, wanted[logical_id], needs[logical_id]))
        if failures:
            self._fail(f"The following resource(s) failed to {self._noun}: [{', '.join(sorted(failures))}]. ")
            return
        try:
            outputs = resolve_outputs(self._engine.store, self._stack, self._submission, self._scope)
        except StackRefusal as refusal:
            self._fail(str(refusal))
            return
        submitted, scope = self._submission, self._scope
        self._stack.state = State(
            submitted.template,
            submitted.parameters,
            submitted.tags,
            outputs,
            frozenset(scope.imports),
            frozenset(scope.reads),
        )
        self._stack.last_good = None
        self._clean_up(set(wanted))

    @property
    def _noun(self) -> str:
        return self._verb.lower()

    def _apply(self, logical_id: str, declared: dict[str, Any], needs: frozenset[str]) -> None:
        try:
            properties: dict[str, Any] = self._scope.resolve(declared.get("Properties", {}))
            wanted = Wanted(logical_id, declared, properties, needs)
            self._changer.apply(wanted, imports=logical_id in self._submission.imports)
        except (ResourceFailure, ValidationError) as failure:
            self._tell_failure(logical_id, declared["Type"], str(failure))
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._tell_failure(logical_id, declared["Type"], f"{type(error).__name__}: {error}")
            raise

    def _tell_failure(self, logical_id: str, resource_type: str, reason: str) -> None:
        self._failed.set()
        current = self._stack.resources.get(logical_id)
        updating = current is not None and current.status != "CREATE_FAILED"
        status = "UPDATE_FAILED" if updating else "CREATE_FAILED"
        physical_id = current.physical_id if current else ""
        self._stack.event(logical_id, resource_type, status, physical_id=physical_id, reason=reason)

    def _record(self, undo: Undo) -> None:
        with self._recording:
            self._stack.undo.append(undo)

    def _clean_up(self, wanted: set[str]) -> None:
        """What was replaced or is no longer in the template goes last."""
        stack = self._stack
        replaced = [
            undo.before
            for undo in stack.undo
            if undo.before and undo.before.physical_id != stack.resources[undo.logical_id].physical_id
        ]
        removed = [resource for logical_id, resource in stack.resources.items() if logical_id not in wanted]
        stack.undo.clear()
        if self._verb != "CREATE":
            stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            remove_all(self._engine, stack, unique(replaced), on_replacement)
            remove_all(self._engine, stack, removed, on_deletion)
            for resource in removed:  # what could not be deleted exists on, in no stack
                if stack.resources.pop(resource.logical_id, None):
                    self._engine.store.inventory.retain(stack.name, resource)
        stack.enter(f"{self._verb}_COMPLETE")

    def _fail(self, reason: str) -> None:
        stack = self._stack
        if stack.disable_rollback:
            stack.last_good = stack.last_good or stack.state
            submitted = self._submission
            stack.state = State(
                submitted.template,
                submitted.parameters,
                submitted.tags,
                stack.state.outputs,
                stack.state.imports,
                stack.state.reads,
            )
            stack.enter(f"{self._verb}_FAILED", reason)
            return
        roll_back(self._engine, stack, f"{reason}Rollback requested by user.", creates=self._verb == "CREATE")


def unique(resources: list[Resource]) -> list[Resource]:
    """Each physical resource once."""
    return list({one.physical_id: one for one in resources}.values())
