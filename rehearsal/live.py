"""Shows what happens to the stacks while it happens."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape

STACK = "AWS::CloudFormation::Stack"


class Live:
    """One line for each resource that reached an end state, and for each stack that changed its own."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.events: list[dict[str, Any]] = []

    def show(self, events: Iterable[dict[str, Any]]) -> None:
        for event in events:
            self.events.append(event)
            if event["type"] == STACK:
                self.console.print(f"  [bold]{event['stack']:<22} {event['status']}[/]", highlight=False)
            elif not event["status"].endswith("_IN_PROGRESS"):
                self._resource(event)

    def take(self) -> list[dict[str, Any]]:
        """The events since the last call."""
        taken, self.events = self.events, []
        return taken

    def _resource(self, event: dict[str, Any]) -> None:
        failed = event["status"].endswith("_FAILED")
        timed = event.get("seconds") is not None and not event["status"].endswith("_SKIPPED")
        seconds = f"{event['seconds']:6.1f} s" if timed else " " * 8
        line = f"  {event['stack']:<22} {event['status']:<16} {seconds}  {event['type']:<42} {event['logical_id']}"
        self.console.print(escape(line), style="red" if failed else None, highlight=False, soft_wrap=True)
        if failed and event.get("reason"):
            self.console.print(escape(f"      {event['reason']}"), style="red", highlight=False, soft_wrap=True)
