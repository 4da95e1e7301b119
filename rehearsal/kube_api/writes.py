"""Every write passes here: identify, default, check, report ready, refuse, store."""

from dataclasses import dataclass, field
from typing import Any

from rehearsal.kube_api.built_in_rules import check_built_in
from rehearsal.kube_api.catalogue import Catalogue, Resource
from rehearsal.kube_api.defaults import fill_built_in
from rehearsal.kube_api.definitions import check_definition, declared_resources, enforce_schema
from rehearsal.kube_api.deletion import DEFINITIONS, NAMESPACES, Deletion, key_type
from rehearsal.kube_api.errors import already_exists, bad_request, conflict, forbidden, not_found
from rehearsal.kube_api.field_owners import FieldOwners, leaves
from rehearsal.kube_api.metadata import check_metadata, identify, inherit
from rehearsal.kube_api.readiness import report_ready
from rehearsal.kube_api.refusals import Refusals
from rehearsal.kube_api.replica_sets import make_replica_set
from rehearsal.kube_api.store import Key, Store, same_content


@dataclass
class WriteOptions:
    """What the query of a writing request asks for; `warnings` goes back as response headers."""

    manager: str
    dry_run: bool = False
    validation: str = "Warn"
    status: bool = False
    warnings: list[str] = field(default_factory=list[str])


class Writes:
    """Creates and replaces objects; patches are replacements of what they were computed from."""

    def __init__(self, store: Store, catalogue: Catalogue, refusals: Refusals, deletion: Deletion) -> None:
        self._store = store
        self._catalogue = catalogue
        self._refusals = refusals
        self._deletion = deletion

    def create(
        self,
        resource: Resource,
        namespace: str,
        value: dict[str, Any],
        options: WriteOptions,
        *,
        name: str = "",
        owners: FieldOwners | None = None,
    ) -> dict[str, Any]:
        """Store an object that must not exist yet; `owners` is given by server-side apply."""
        if (value.get("metadata") or {}).get("resourceVersion"):
            raise bad_request("resourceVersion should not be set on objects to be created")
        self._check_namespace(resource, namespace)
        identify(resource, value, namespace, name)
        key = Key.of(resource, namespace, value["metadata"]["name"])
        if self._store.find(key):
            raise already_exists(resource.qualified_plural, key.name)
        if resource.status:
            value.pop("status", None)
        return self._write(resource, key, value, None, options, owners)

    def replace(
        self,
        resource: Resource,
        key: Key,
        value: dict[str, Any],
        options: WriteOptions,
        owners: FieldOwners | None = None,
    ) -> dict[str, Any]:
        """Store the next state of an object that exists."""
        old = self._store.find(key)
        if old is None:
            raise not_found(resource.qualified_plural, key.name)
        identify(resource, value, key.namespace, key.name)
        for name in ("resourceVersion", "uid"):
            if value["metadata"].get(name) not in (None, "", old["metadata"][name]):
                raise conflict(
                    f'Operation cannot be fulfilled on {resource.qualified_plural} "{key.name}": '
                    "the object has been modified; please apply your changes to the latest version "
                    "and try again"
                )
        if options.status:
            value = {**old, "apiVersion": resource.group_version, "status": value.get("status")}
        elif resource.status:
            value = {**value, "status": old.get("status")}
        if value.get("status") is None:
            value.pop("status", None)
        return self._write(resource, key, value, old, options, owners)

    def _write(
        self,
        resource: Resource,
        key: Key,
        value: dict[str, Any],
        old: dict[str, Any] | None,
        options: WriteOptions,
        owners: FieldOwners | None,
    ) -> dict[str, Any]:
        if owners is None:
            owners = self._owners_after_update(resource, key, value, old, options)
        fill_built_in(resource, value)
        options.warnings += enforce_schema(resource, value, validation=options.validation)
        check_metadata(resource, value)
        if key_type(key) == DEFINITIONS:
            check_definition(value)
        check_built_in(resource, value, old)
        inherit(resource, value, old)
        if not options.status:
            report_ready(resource, value)
        if old is None or not same_content(old, value):
            self._refusals.check(resource.kind, key.name)
        if options.dry_run:
            value["metadata"].setdefault("resourceVersion", old["metadata"]["resourceVersion"] if old else "")
            return value
        saved = self._store.save(key, value, owners)
        if key_type(key) == DEFINITIONS:
            self._serve(saved)
        if (resource.group, resource.kind) == ("apps", "Deployment"):
            make_replica_set(saved, self._store, self._deletion)
        self._deletion.settle(key)
        return {**saved, "apiVersion": resource.group_version}

    def _owners_after_update(
        self,
        resource: Resource,
        key: Key,
        value: dict[str, Any],
        old: dict[str, Any] | None,
        options: WriteOptions,
    ) -> FieldOwners:
        owners = self._store.owners(key)
        before = leaves(old, resource.schema) if old else {}
        owners.record_update((options.manager, "Update"), before, leaves(value, resource.schema))
        return owners

    def _check_namespace(self, resource: Resource, namespace: str) -> None:
        if not resource.namespaced:
            return
        holder = self._store.find(Key(*NAMESPACES, "", namespace))
        if holder is None:
            raise not_found("namespaces", namespace)
        if "deletionTimestamp" in holder["metadata"]:
            raise forbidden(f"unable to create new content in namespace {namespace} because it is being terminated")

    def _serve(self, definition: dict[str, Any]) -> None:
        self._catalogue.remove(definition["spec"]["group"], definition["spec"]["names"]["plural"])
        for resource in declared_resources(definition):
            self._catalogue.add(resource)
