"""Takes a failed operation back: a created stack loses what it made, an updated one gets its old properties."""

from collections.abc import Iterable
from dataclasses import replace

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.removal import on_failed_creation, remove, remove_all
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.stack import Stack, Undo
from rehearsal.cloudformation.walk import walk


def roll_back(engine: Engine, stack: Stack, reason: str, *, creates: bool, skip: frozenset[str] = frozenset()) -> None:
    """Undo everything that the stack's undo list holds; `skip` names resources to leave as they are."""
    prefix = "ROLLBACK" if creates else "UPDATE_ROLLBACK"
    stack.enter(f"{prefix}_IN_PROGRESS", reason)
    undo = [one for one in merged(stack.undo) if one.logical_id not in skip]
    for one in undo:
        if one.imported:
            remove(engine, stack, stack.resources[one.logical_id], "Retain")
    changed = {one.logical_id: one for one in undo if one.before is not None}
    failures = _restore(engine, stack, changed)
    if failures:
        stack.undo[:] = [one for one in stack.undo if one.logical_id in failures or one.before is None]
        names = ", ".join(sorted(failures))
        stack.enter(f"{prefix}_FAILED", f"The following resource(s) failed to update: [{names}]. ")
        return
    made = [one.after for one in undo if one.before is None and not one.imported]
    if not creates:
        stack.enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        made += _outlived(stack, stack.undo)
    leftover = remove_all(engine, stack, made, on_failed_creation)
    if leftover and creates:
        names = ", ".join(sorted({one.logical_id for one in leftover}))
        stack.enter("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{names}]. ")
        return
    for one in undo:
        if one.before is None:
            stack.resources.pop(one.logical_id, None)
    stack.undo.clear()
    stack.state, stack.last_good = stack.last_good or stack.state, None
    stack.enter(f"{prefix}_COMPLETE")


def merged(undo: Iterable[Undo]) -> list[Undo]:
    """One entry a resource: its first state before, its last state after."""
    entries: dict[str, Undo] = {}
    for one in undo:
        first = entries.get(one.logical_id)
        entries[one.logical_id] = replace(one, before=first.before, imported=first.imported) if first else one
    return list(entries.values())


def _restore(engine: Engine, stack: Stack, changed: dict[str, Undo]) -> dict[str, Exception]:
    """Give changed resources their old properties again, in dependency order."""
    needs = {
        logical_id: frozenset((one.before.needs if one.before else frozenset()) & set(changed))
        for logical_id, one in changed.items()
    }

    def one(logical_id: str) -> None:
        undo = changed[logical_id]
        if undo.before is not None:
            _restore_one(engine, stack, undo.before, undo.after)

    return walk(needs, one, keep_going=True)


def _restore_one(engine: Engine, stack: Stack, before: Resource, after: Resource) -> None:
    replaced = before.physical_id != after.physical_id and not before.is_custom
    restored = before
    if not replaced:
        stack.event(before.logical_id, before.type, "UPDATE_IN_PROGRESS", physical_id=after.physical_id)
        try:
            provider = engine.providers.of(before.type)
            made = provider.update(engine.request_for(stack, after, before.properties), after)
        except ResourceFailure as failure:
            stack.event(
                before.logical_id, before.type, "UPDATE_FAILED", physical_id=after.physical_id, reason=str(failure)
            )
            raise
        restored = replace(before, physical_id=made.physical_id, attributes=made.attributes)
    stack.resources[before.logical_id] = restored
    stack.event(before.logical_id, before.type, "UPDATE_COMPLETE", physical_id=restored.physical_id)


def _outlived(stack: Stack, undo: Iterable[Undo]) -> list[Resource]:
    """The physical resources that the failed update made in place of others."""
    made = {one.after.physical_id: one.after for one in undo if one.before is not None}
    return [
        resource
        for physical_id, resource in made.items()
        if resource.logical_id in stack.resources and physical_id != stack.resources[resource.logical_id].physical_id
    ]
