"""Where the objects are: a versioned map that tells the event log of every change."""

import copy
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.events import Event, EventLog
from rehearsal.kube_api.field_owners import FieldOwners


@dataclass(frozen=True)
class Key:
    """An object's place; versions of one group share it."""

    group: str
    plural: str
    namespace: str
    name: str

    @classmethod
    def of(cls, resource: Resource, namespace: str, name: str) -> "Key":
        return cls(resource.group, resource.plural, namespace if resource.namespaced else "", name)


@dataclass
class Record:
    """An object and who owns which of its fields."""

    value: dict[str, Any]
    owners: FieldOwners = field(default_factory=FieldOwners)


class Store:
    """Callers hold `lock` while they read and then write; every value that goes in or out is a copy."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.log = EventLog()
        self.resource_version = 1
        self._records: dict[Key, Record] = {}

    def find(self, key: Key) -> dict[str, Any] | None:
        with self.lock:
            record = self._records.get(key)
            return copy.deepcopy(record.value) if record else None

    def owners(self, key: Key) -> FieldOwners:
        """The field owners of an object; nobody's for one that does not exist."""
        with self.lock:
            record = self._records.get(key)
            return copy.deepcopy(record.owners) if record else FieldOwners()

    def keys(self, *, group: str | None = None, plural: str = "", namespace: str = "") -> list[Key]:
        """The keys of one resource (all, without a group), in one namespace or everywhere, in order."""
        with self.lock:
            return [
                key
                for key in sorted(self._records, key=lambda key: (key.namespace, key.name))
                if (group is None or (key.group, key.plural) == (group, plural)) and namespace in ("", key.namespace)
            ]

    def keys_where(self, matches: Callable[[dict[str, Any]], bool]) -> list[Key]:
        """The keys of the objects that a test, which must not change them, accepts."""
        with self.lock:
            return [key for key, record in self._records.items() if matches(record.value)]

    def values(self, resource: Resource, namespace: str = "") -> Iterator[dict[str, Any]]:
        """The objects of a resource, in the version asked for."""
        for key in self.keys(group=resource.group, plural=resource.plural, namespace=namespace):
            value = self.find(key)
            if value is not None:
                yield {**value, "apiVersion": resource.group_version}

    def all(self) -> list[dict[str, Any]]:
        with self.lock:
            return [copy.deepcopy(record.value) for record in self._records.values()]

    def save(self, key: Key, value: dict[str, Any], owners: FieldOwners | None = None) -> dict[str, Any]:
        """Write an object under the next resource version; a write that changes nothing is none."""
        with self.lock:
            old = self._records.get(key)
            if old and same_content(old.value, value):
                old.owners = owners or old.owners
                return copy.deepcopy(old.value)
            self.resource_version += 1
            saved = copy.deepcopy(value)
            saved["metadata"]["resourceVersion"] = str(self.resource_version)
            self._records[key] = Record(saved, owners or (old.owners if old else FieldOwners()))
            self._tell(key, old.value if old else None, saved)
            return copy.deepcopy(saved)

    def remove(self, key: Key) -> dict[str, Any]:
        """Take an object away and return its last state."""
        with self.lock:
            self.resource_version += 1
            value = self._records.pop(key).value
            last = {**value, "metadata": {**value["metadata"], "resourceVersion": str(self.resource_version)}}
            self._tell(key, last, None)
            return copy.deepcopy(last)

    def _tell(self, key: Key, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.log.append(Event(self.resource_version, key.group, key.plural, key.namespace, before, after))


def same_content(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two states of an object differ in nothing but the version they were stored or read under."""
    return _unversioned(one) == _unversioned(other)


def _unversioned(value: dict[str, Any]) -> dict[str, Any]:
    metadata = {name: child for name, child in value["metadata"].items() if name != "resourceVersion"}
    return {**value, "metadata": metadata, "apiVersion": ""}
