"""Deletes a stack."""

from dataclasses import replace

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.removal import on_deletion, remove, remove_all
from rehearsal.cloudformation.stack import Stack, State


def delete_stack(engine: Engine, stack: Stack, retain: frozenset[str], *, force: bool) -> None:
    """Remove every resource; `retain` and, with `force`, what cannot be deleted stays out of any stack."""
    before = stack.status
    stack.enter("DELETE_IN_PROGRESS", "User Initiated")
    if refusal := used_export(engine, stack):
        stack.enter(before, f"Delete canceled. {refusal}")
        return
    for logical_id in retain & set(stack.resources):
        stack.resources[logical_id] = replace(stack.resources[logical_id], deletion_policy="Retain")
    failures = remove_all(engine, stack, list(stack.resources.values()), on_deletion)
    if failures and force:
        for resource in list(stack.resources.values()):
            remove(engine, stack, resource, "Retain")
        failures = {}
    if failures:
        failed = {error for error in failures}
        names = sorted(one.logical_id for one in stack.resources.values() if one.physical_id + one.logical_id in failed)
        stack.enter("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(names)}]. ")
        return
    stack.state = State(template=stack.state.template, tags=stack.state.tags)
    stack.undo.clear()
    stack.enter("DELETE_COMPLETE")


def used_export(engine: Engine, stack: Stack) -> str | None:
    """Why the stack's exports forbid its deletion, if they do."""
    for output in stack.state.outputs:
        if output.export and (users := engine.store.importers(output.export)):
            return f"Cannot delete export {output.export} as it is in use by {', '.join(users)}."
    return None
