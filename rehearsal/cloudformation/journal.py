"""Every stack and resource event in order, with the time since the work on that resource began."""

import threading
import time
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

TICK = timedelta(milliseconds=1)


def now() -> str:
    """The time as CloudFormation writes it."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Event:
    """One line of a stack's event list."""

    number: int
    event_id: str
    stack_id: str
    stack_name: str
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    seconds: float
    at: str


class Journal:
    """The events of all stacks of this rehearsal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._began: dict[tuple[str, str], float] = {}
        self._latest = datetime.now(UTC)

    def write(
        self,
        stack: tuple[str, str],
        logical_id: str,
        resource_type: str,
        status: str,
        *,
        physical_id: str = "",
        reason: str | None = None,
    ) -> None:
        """Record an event of a stack, given as its (id, name)."""
        with self._lock:
            moment = time.monotonic()
            # The command line sorts by time, which has milliseconds: no two events may share one.
            self._latest = max(datetime.now(UTC), self._latest + TICK)
            key = (stack[0], logical_id)
            if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
                # A clean-up or a rollback goes on with what has begun.
                began = self._began.setdefault(key, moment)
            else:
                began = self._began.pop(key, moment)
            seconds = round(moment - began, 3)
            number = len(self._events)
            event_id = f"{logical_id}-{status}-{uuid.uuid4()}"
            event = Event(
                number,
                event_id,
                *stack,
                logical_id,
                physical_id,
                resource_type,
                status,
                reason,
                seconds,
                written(self._latest),
            )
            self._events.append(event)

    def since(self, number: int) -> list[Event]:
        with self._lock:
            return self._events[number:]

    def of_stack(self, stack_id: str) -> list[Event]:
        """A stack's events, newest first."""
        return [event for event in reversed(self.since(0)) if event.stack_id == stack_id]


def shown(event: Event) -> dict[str, Any]:
    """An event as the control endpoint gives it."""
    fields = asdict(event)
    renamed = {"n": fields["number"], "stack": fields["stack_name"]}
    kept = ("logical_id", "type", "status", "reason", "seconds", "at")
    return renamed | {name: fields[name] for name in kept}
