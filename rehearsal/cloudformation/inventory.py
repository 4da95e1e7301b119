"""Everything that exists in the account, in a stack or out of one: names that are taken, what was retained."""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.resource import Resource

Key = tuple[str, ...]


@dataclass(frozen=True)
class Retained:
    """A resource that outlived its place in a stack."""

    stack: str
    keys: frozenset[Key]
    resource: Resource


@dataclass(frozen=True)
class Snapshot:
    """What is left of a resource with DeletionPolicy Snapshot."""

    id: str
    type: str
    stack: str
    logical_id: str


class Inventory:
    """Names are unique among all that exists, retained resources too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owners: dict[Key, str] = {}
        self._counts: dict[Key, int] = {}
        self.retained: list[Retained] = []
        self.snapshots: list[Snapshot] = []

    def token(self, *parts: str) -> str:
        """64 hexadecimal digits, the same in every rehearsal for the same history of the same resource."""
        with self._lock:
            self._counts[parts] = self._counts.get(parts, 0) + 1
            text = "/".join((*parts, str(self._counts[parts])))
        return hashlib.sha256(text.encode()).hexdigest()

    def claim(self, keys: Iterable[Key], owner: str) -> None:
        """Take the names, all or none."""
        wanted = list(keys)
        with self._lock:
            for key in wanted:
                if key in self._owners:
                    name = "|".join(key[1:])
                    raise ResourceFailure(
                        f"Resource handler returned message: \"Resource of type '{key[0]}' with identifier "
                        f"'{name}' already exists.\" (HandlerErrorCode: AlreadyExists)"
                    )
            self._owners.update(dict.fromkeys(wanted, owner))

    def release(self, owner: str) -> None:
        """Give up every name that the owner took."""
        with self._lock:
            self._owners = {key: one for key, one in self._owners.items() if one != owner}

    def retain(self, stack: str, resource: Resource) -> None:
        """Keep a resource out of any stack; its names stay taken."""
        with self._lock:
            keys = {key for key, one in self._owners.items() if one == resource.token}
            keys.add((resource.type, resource.physical_id))
            self.retained.append(Retained(stack, frozenset(keys), resource))

    def find_retained(self, keys: Iterable[Key]) -> Retained | None:
        """The retained resource that has one of these names."""
        wanted = set(keys)
        return next((one for one in self.retained if wanted & one.keys), None)

    def adopt(self, retained: Retained, logical_id: str) -> Resource:
        """Bring a retained resource into a stack again, with the names that it still holds."""
        with self._lock:
            self.retained.remove(retained)
        return replace(retained.resource, logical_id=logical_id)
