"""Brings one resource of a stack to what the template wants, with CloudFormation's events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.resource import Resource, deletion_policy
from rehearsal.cloudformation.stack import Stack, Undo
from rehearsal.cloudformation.validation import check_properties

REPLACES = "Requested update requires the creation of a new physical resource; hence creating one."


@dataclass(frozen=True)
class Wanted:
    """A resource of the template with its properties resolved."""

    logical_id: str
    declared: Mapping[str, Any]
    properties: Mapping[str, Any]
    needs: frozenset[str]

    @property
    def type(self) -> str:
        return str(self.declared["Type"])

    def over(self, resource: Resource) -> Resource:
        """The record of a resource with what needs no call: policies and dependencies."""
        return replace(
            resource,
            deletion_policy=deletion_policy(self.declared),
            update_replace_policy=str(self.declared.get("UpdateReplacePolicy", "Delete")),
            needs=self.needs,
        )


@dataclass(frozen=True)
class ResourceChanger:
    """Applies changes; `record` hears of every change before its outcome is told, so that it can be undone."""

    engine: Engine
    stack: Stack
    record: Callable[[Undo], None]
    cancelled: Callable[[], bool]

    def apply(self, wanted: Wanted, *, imports: bool) -> None:
        current = self.stack.resources.get(wanted.logical_id)
        if current is None or current.status == "CREATE_FAILED":
            (self._import if imports else self._create)(wanted)
        elif current.properties == wanted.properties:
            self.stack.resources[wanted.logical_id] = wanted.over(current)
        else:
            self._update(wanted, current)

    def _create(self, wanted: Wanted) -> None:
        self._event(wanted, "CREATE_IN_PROGRESS")
        check_properties(self.engine.store.registry, wanted.logical_id, wanted.type, wanted.properties)
        try:
            self._keep(wanted, self._made(wanted), None)
        except ResourceFailure as failure:
            if failure.physical_id:
                # Something may exist: rollback deletes it, as CloudFormation does.
                partial = Resource(wanted.logical_id, wanted.type, failure.physical_id, wanted.properties, {})
                self._keep(wanted, replace(partial, status="CREATE_FAILED"), None)
            raise
        self._done(wanted, "CREATE")

    def _import(self, wanted: Wanted) -> None:
        request = self.engine.request(self.stack, wanted.logical_id, wanted.type, wanted.properties)
        retained = self.engine.store.inventory.find_retained(self.engine.identity.keys(request))
        if retained is None:
            raise ResourceFailure(f"{wanted.logical_id}: the resource to import does not exist any more.")
        self._event(wanted, "IMPORT_IN_PROGRESS", reason="Resource import started.")
        adopted = self.engine.store.inventory.adopt(retained, wanted.logical_id)
        self.stack.resources[wanted.logical_id] = adopted
        self.record(Undo(wanted.logical_id, None, adopted, imported=True))
        self._event(wanted, "IMPORT_COMPLETE", adopted.physical_id, "Resource import completed.")
        reason = "Apply stack-level tags to imported resource if applicable."
        self._event(wanted, "UPDATE_IN_PROGRESS", adopted.physical_id, reason)
        provider = self.engine.providers.of(wanted.type)
        request = self.engine.request_for(self.stack, adopted, wanted.properties)
        made = provider.update(request, adopted)
        changed = replace(adopted, properties=wanted.properties, attributes=made.attributes)
        self.stack.resources[wanted.logical_id] = wanted.over(changed)
        self._event(wanted, "UPDATE_COMPLETE", adopted.physical_id)

    def _update(self, wanted: Wanted, current: Resource) -> None:
        self._event(wanted, "UPDATE_IN_PROGRESS", current.physical_id)
        try:
            if current.type != wanted.type:
                raise ResourceFailure(f"Update of resource type is not permitted: {current.type} to {wanted.type}.")
            registry = self.engine.store.registry
            check_properties(registry, wanted.logical_id, wanted.type, wanted.properties)
            old, new = dict(current.properties), dict(wanted.properties)
            if not current.is_custom and registry.replaced_by(current.type, old, new):
                self._replace(wanted, current)
            else:
                self._update_in_place(wanted, current)
        except ResourceFailure:
            self.record(Undo(wanted.logical_id, current, replace(current, properties=wanted.properties)))
            raise
        self._done(wanted, "UPDATE")

    def _update_in_place(self, wanted: Wanted, current: Resource) -> None:
        request = self.engine.request_for(self.stack, current, wanted.properties)
        made = self.engine.providers.of(wanted.type).update(request, current)
        changed = replace(
            current, physical_id=made.physical_id, properties=wanted.properties, attributes=made.attributes
        )
        self._keep(wanted, changed, current)

    def _replace(self, wanted: Wanted, current: Resource) -> None:
        identity = self.engine.identity
        name = identity.explicit_name(self.engine.request_for(self.stack, current, wanted.properties))
        if name is not None and name == identity.explicit_name(self.engine.request_for(self.stack, current)):
            raise ResourceFailure(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {name} and update the stack again."
            )
        self._event(wanted, "UPDATE_IN_PROGRESS", current.physical_id, REPLACES)
        self._keep(wanted, self._made(wanted), current)

    def _made(self, wanted: Wanted) -> Resource:
        request = self.engine.request(self.stack, wanted.logical_id, wanted.type, wanted.properties)
        made = self.engine.create(request)
        return Resource(
            wanted.logical_id,
            wanted.type,
            made.physical_id,
            wanted.properties,
            made.attributes,
            token=request.token,
        )

    def _keep(self, wanted: Wanted, resource: Resource, before: Resource | None) -> None:
        kept = wanted.over(resource)
        self.stack.resources[wanted.logical_id] = kept
        self.record(Undo(wanted.logical_id, before, kept))

    def _done(self, wanted: Wanted, verb: str) -> None:
        physical_id = self.stack.resources[wanted.logical_id].physical_id
        if self.cancelled():
            noun = "creation" if verb == "CREATE" else "update"
            self._event(wanted, f"{verb}_FAILED", physical_id, f"Resource {noun} cancelled")
        else:
            self._event(wanted, f"{verb}_COMPLETE", physical_id)

    def _event(self, wanted: Wanted, status: str, physical_id: str = "", reason: str | None = None) -> None:
        self.stack.event(wanted.logical_id, wanted.type, status, physical_id=physical_id, reason=reason)
