"""Runs one process with a time limit, and ends all that still run when the rehearsal does."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finished:
    """How a process ended; `exit` is None if it was ended at its time limit."""

    exit: int | None
    output: str


class Processes:
    """The processes that run now, each the leader of its own group, so that its children end with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[int] = set()
        self._closed = False

    def run(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float) -> Finished:
        log = folder / "output.log"
        with log.open("wb") as output, self._lock:
            if self._closed:
                raise RuntimeError("the rehearsal is over: no function starts any more")
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._running.add(process.pid)
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end_group(process.pid)
            process.wait()
            with self._lock:
                self._running.discard(process.pid)
        return Finished(code, log.read_text(errors="replace"))

    def close(self) -> None:
        """End every process that still runs, and let none start."""
        with self._lock:
            self._closed = True
            for process_id in self._running:
                _end_group(process_id)


def _end_group(process_id: int) -> None:
    try:
        os.killpg(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return
