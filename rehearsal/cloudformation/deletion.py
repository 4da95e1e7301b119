"""Deletes a stack."""

from dataclasses import dataclass, replace

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.removal import on_deletion, remove, remove_all
from rehearsal.cloudformation.stack import Stack, State


@dataclass(frozen=True)
class Deletion:
    """One deletion of one stack; `retain` and, with `force`, what cannot be deleted stays out of any stack."""

    engine: Engine
    stack: Stack
    status_before: str
    retain: frozenset[str]
    force: bool

    def run(self) -> None:
        stack = self.stack
        stack.enter("DELETE_IN_PROGRESS", "User Initiated")
        if refusal := self._used_export():
            stack.enter(self.status_before, f"Delete canceled. {refusal}")
            return
        for logical_id in self.retain & set(stack.resources):
            stack.resources[logical_id] = replace(stack.resources[logical_id], deletion_policy="Retain")
        failures = remove_all(self.engine, stack, list(stack.resources.values()), on_deletion)
        if failures and self.force:
            for resource in list(stack.resources.values()):
                remove(self.engine, stack, resource, "Retain")
        elif failures:
            names = ", ".join(sorted({one.logical_id for one in failures}))
            stack.enter("DELETE_FAILED", f"The following resource(s) failed to delete: [{names}]. ")
            return
        stack.state = State(template=stack.state.template, tags=stack.state.tags)
        stack.undo.clear()
        stack.enter("DELETE_COMPLETE")

    def _used_export(self) -> str | None:
        """Why the stack's exports forbid its deletion, if they do."""
        for output in self.stack.state.outputs:
            if output.export and (users := self.engine.store.importers(output.export)):
                return f"Cannot delete export {output.export} as it is in use by {', '.join(users)}."
        return None
