"""Deletion: finalizers, owner references, and namespaces and definitions that wait for what they hold."""

from typing import Any

from rehearsal.kube_api.catalogue import Catalogue
from rehearsal.kube_api.metadata import timestamp
from rehearsal.kube_api.store import Key, Store

FOREGROUND = "foregroundDeletion"
NAMESPACES = ("", "namespaces")
DEFINITIONS = ("apiextensions.k8s.io", "customresourcedefinitions")


class Deletion:
    """An object goes when it is marked as deleted and nothing blocks it any more."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    def delete(self, key: Key, propagation: str = "Background") -> dict[str, Any]:
        """Mark an object as deleted, its dependents too, and remove what nothing blocks."""
        value = self._store.find(key)
        assert value is not None, f"{key} is not in the store"
        metadata = value["metadata"]
        metadata.setdefault("deletionTimestamp", timestamp())
        if key_type(key) == NAMESPACES:
            value.setdefault("status", {})["phase"] = "Terminating"
        if propagation == "Foreground":
            metadata["finalizers"] = [*(metadata.get("finalizers") or []), FOREGROUND]
        if propagation == "Orphan":
            self._orphan(metadata["uid"])
        value = self._store.save(key, value)
        dependents = self._contents(key, value)
        if propagation == "Foreground":
            dependents += self._dependents(metadata["uid"])
        for dependent in dependents:
            if self._store.find(dependent):
                self.delete(dependent)
        self.settle(key)
        return self._store.find(key) or value

    def settle(self, key: Key) -> None:
        """Remove an object that is marked as deleted, if nothing blocks it; then those that waited for it."""
        value = self._store.find(key)
        if value is None or "deletionTimestamp" not in value["metadata"] or self._blocked(key, value):
            return
        metadata = self._store.remove(key)["metadata"]
        if key_type(key) == DEFINITIONS:
            self._catalogue.remove(value["spec"]["group"], value["spec"]["names"]["plural"])
        for dependent in self._dependents(metadata["uid"]):
            if self._store.find(dependent):
                self.delete(dependent)
        if key.namespace:
            self.settle(Key(*NAMESPACES, "", key.namespace))
        self.settle(Key(*DEFINITIONS, "", f"{key.plural}.{key.group}"))
        owners = _owner_uids(value)
        for owner in self._store.keys_where(lambda value: value["metadata"]["uid"] in owners):
            self.settle(owner)

    def _blocked(self, key: Key, value: dict[str, Any]) -> bool:
        finalizers = set(value["metadata"].get("finalizers") or [])
        if finalizers - {FOREGROUND}:
            return True
        if FOREGROUND in finalizers and self._dependents(value["metadata"]["uid"]):
            return True
        return bool(self._contents(key, value))

    def _contents(self, key: Key, value: dict[str, Any]) -> list[Key]:
        """What a namespace or a definition holds and must outlive."""
        if key_type(key) == NAMESPACES:
            return self._store.keys(namespace=key.name)
        if key_type(key) == DEFINITIONS:
            spec = value["spec"]
            return self._store.keys(group=spec["group"], plural=spec["names"]["plural"])
        return []

    def _dependents(self, uid: str) -> list[Key]:
        return self._store.keys_where(lambda value: uid in _owner_uids(value))

    def _orphan(self, uid: str) -> None:
        for key in self._dependents(uid):
            value = self._store.find(key)
            if value:
                references = value["metadata"]["ownerReferences"]
                value["metadata"]["ownerReferences"] = [r for r in references if r.get("uid") != uid]
                self._store.save(key, value)


def _owner_uids(value: dict[str, Any]) -> list[str]:
    return [reference.get("uid", "") for reference in value["metadata"].get("ownerReferences") or []]


def key_type(key: Key) -> tuple[str, str]:
    return key.group, key.plural
