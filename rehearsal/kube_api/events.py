"""The changes that watches report: a bounded log, so that a watch can begin at a past resource version."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from rehearsal.kube_api.errors import expired


@dataclass(frozen=True)
class Event:
    """One change: `before` is None for a creation, `after` is None for a removal."""

    resource_version: int
    group: str
    plural: str
    namespace: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class EventLog:
    """Appended to by the store, read by any number of watches."""

    def __init__(self, kept: int = 8192) -> None:
        self._events: deque[Event] = deque(maxlen=kept)
        self._forgotten = 0
        self._changed = threading.Condition()
        self.closed = False

    def append(self, event: Event) -> None:
        with self._changed:
            if len(self._events) == self._events.maxlen:
                self._forgotten = self._events[0].resource_version
            self._events.append(event)
            self._changed.notify_all()

    def after(self, resource_version: int, timeout: float) -> list[Event]:
        """Events later than a version, waiting for the first of them no longer than `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._changed:
            if resource_version < self._forgotten:
                raise expired(resource_version)
            while not self.closed:
                found: list[Event] = []
                for event in reversed(self._events):
                    if event.resource_version <= resource_version:
                        break
                    found.append(event)
                remaining = deadline - time.monotonic()
                if found or remaining <= 0:
                    return found[::-1]
                self._changed.wait(remaining)
        return []

    def close(self) -> None:
        """Let every watch end."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()
