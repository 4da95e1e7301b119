"""Runs app.py with a clock around each phase of it; phases.py starts this as a process of its own."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]


class Clock:
    """Adds up the seconds that each phase takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            start = perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - start

        return run

    def watch(self, phase: str, owner: Any, name: str) -> None:
        """Replaces `owner.name` by itself with the clock around it; fails when it has been renamed."""
        setattr(owner, name, self.timed(phase, getattr(owner, name)))


def main(result: Path) -> None:
    clock = Clock()
    sys.path.insert(0, str(ROOT))
    app = clock.timed("imports", importlib.import_module)("app")
    clock.watch("configuration", app, "load")
    clock.watch("configuration", app, "load_charts")
    clock.watch("constructs", app, "add_stacks")
    clock.watch("synthesis", app.cdk.App, "synth")
    clock.timed("all", app.main)()
    result.write_text(json.dumps(clock.seconds), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
