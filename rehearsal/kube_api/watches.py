"""Watches: the events of one resource that match a selector, from a given resource version on."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.errors import ApiError
from rehearsal.kube_api.events import Event
from rehearsal.kube_api.selectors import Selects
from rehearsal.kube_api.store import Store

TICK_SECONDS = 1.0


@dataclass(frozen=True)
class Watch:
    """What one watch request asked for."""

    resource: Resource
    namespace: str
    selects: Selects
    resource_version: str
    send_initial_events: bool
    timeout_seconds: float

    def messages(self, store: Store) -> Iterator[dict[str, Any] | None]:
        """The events as they go on the wire; None now and then, for the server to see a client leave."""
        deadline = time.monotonic() + self.timeout_seconds
        with store.lock:
            seen = store.resource_version
            initial: list[dict[str, Any]] = []
            if self.send_initial_events or self.resource_version in ("", "0"):
                initial = [v for v in store.values(self.resource, self.namespace) if self.selects(v)]
            else:
                seen = int(self.resource_version)
        for value in initial:
            yield {"type": "ADDED", "object": value}
        if self.send_initial_events:
            yield self._bookmark(seen)
        while time.monotonic() < deadline and not store.log.closed:
            try:
                events = store.log.after(seen, min(TICK_SECONDS, deadline - time.monotonic()))
            except ApiError as error:
                yield {"type": "ERROR", "object": error.status()}
                return
            for event in events:
                seen = event.resource_version
                message = self._message(event)
                if message:
                    yield message
            yield None

    def _message(self, event: Event) -> dict[str, Any] | None:
        """The event as this watch sees it: an object that begins or ceases to match appears or goes."""
        if (event.group, event.plural) != (self.resource.group, self.resource.plural):
            return None
        if self.namespace not in ("", event.namespace):
            return None
        matched = event.before is not None and self.selects(event.before)
        matches = event.after is not None and self.selects(event.after)
        if not matched and not matches:
            return None
        kind = "DELETED" if not matches else "MODIFIED" if matched else "ADDED"
        value = event.after or event.before or {}
        return {"type": kind, "object": {**value, "apiVersion": self.resource.group_version}}

    def _bookmark(self, resource_version: int) -> dict[str, Any]:
        metadata = {
            "resourceVersion": str(resource_version),
            "annotations": {"k8s.io/initial-events-end": "true"},
        }
        value = {"apiVersion": self.resource.group_version, "kind": self.resource.kind, "metadata": metadata}
        return {"type": "BOOKMARK", "object": value}
