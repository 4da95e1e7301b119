"""Removes resources from a stack in reverse dependency order, as their policies say."""

from collections.abc import Callable, Iterable

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.inventory import Snapshot
from rehearsal.cloudformation.resource import RETAINING, Resource
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.walk import reversed_graph, walk

Policy = Callable[[Resource], str]


def on_deletion(resource: Resource) -> str:
    return resource.deletion_policy


def on_replacement(resource: Resource) -> str:
    return resource.update_replace_policy


def on_failed_creation(resource: Resource) -> str:
    """Only Retain keeps what a failed operation made; there is nothing in it to take a snapshot of."""
    return "Retain" if resource.deletion_policy == "Retain" else "Delete"


def remove_all(engine: Engine, stack: Stack, resources: Iterable[Resource], policy: Policy) -> list[Resource]:
    """Remove resources, users before what they use; those that could not be removed."""
    by_key = {f"{one.logical_id}|{one.physical_id}": one for one in resources}
    keys: dict[str, set[str]] = {}
    for key, one in by_key.items():
        keys.setdefault(one.logical_id, set()).add(key)
    needs = {
        key: {other for needed in one.needs for other in keys.get(needed, set())} - {key} for key, one in by_key.items()
    }

    def work(key: str) -> None:
        remove(engine, stack, by_key[key], policy(by_key[key]))

    return [by_key[key] for key in walk(reversed_graph(needs), work, keep_going=True)]


def remove(engine: Engine, stack: Stack, resource: Resource, policy: str) -> None:
    """Delete, keep or snapshot one resource."""
    inventory = engine.store.inventory
    if policy in RETAINING:
        inventory.retain(stack.name, resource)
        _event(stack, resource, "DELETE_SKIPPED")
        _forget(stack, resource)
        return
    _event(stack, resource, "DELETE_IN_PROGRESS")
    try:
        engine.providers.of(resource.type).delete(engine.request_for(stack, resource), resource)
    except ResourceFailure as failure:
        _event(stack, resource, "DELETE_FAILED", str(failure))
        raise
    if policy == "Snapshot":
        suffix = inventory.token("snapshot", stack.name, resource.logical_id)[:12]
        snapshot = f"{stack.name}-snapshot-{resource.logical_id}-{suffix}".lower()
        inventory.snapshots.append(Snapshot(snapshot, resource.type, stack.name, resource.logical_id))
    inventory.release(resource.token)
    _event(stack, resource, "DELETE_COMPLETE")
    _forget(stack, resource)


def _forget(stack: Stack, resource: Resource) -> None:
    current = stack.resources.get(resource.logical_id)
    if current is not None and current.physical_id == resource.physical_id:
        del stack.resources[resource.logical_id]


def _event(stack: Stack, resource: Resource, status: str, reason: str | None = None) -> None:
    stack.event(resource.logical_id, resource.type, status, physical_id=resource.physical_id, reason=reason)
