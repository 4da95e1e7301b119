"""The processes of one control plane: each has its log, and none outlives this process."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TAIL_LINES = 5


class ComponentEnded(Exception):
    """A component ended by itself; the message has the end of its log."""


class Components:
    """Starts components in a folder, watches over them and ends them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._peaks: dict[str, int] = {}
        # The kernel ends a child when the thread that started it does: this one lives as long as they should.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="components")
        (folder / "logs").mkdir(parents=True)

    def start(self, program: Path, *flags: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a program under its own name."""
        command = ["setpriv", "--pdeathsig", "KILL", str(program), *flags]
        self._running[program.name] = self._starter.submit(self._start, program.name, command, environment).result()

    def _start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> subprocess.Popen[bytes]:
        with (self._folder / "logs" / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self._folder), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the rehearsal, which then stops its components.
                start_new_session=True,
            )

    def check(self) -> None:
        """Raises ComponentEnded if one has."""
        for name, process in self._running.items():
            if process.poll() is not None:
                said = "\n".join(self.tail(name))
                raise ComponentEnded(f"{name} ended with {process.returncode}: {self._log(name)} ends with\n{said}")

    def tail(self, name: str) -> list[str]:
        return self._log(name).read_text(errors="replace").splitlines()[-TAIL_LINES:]

    def peaks(self) -> dict[str, int]:
        """The most memory that each has had so far, MiB."""
        for name, kib in self._resident():
            self._peaks[name] = max(self._peaks.get(name, 0), kib // 1024)
        return self._peaks

    def stop(self) -> None:
        """End all at once: what they hold is thrown away with them."""
        self.peaks()
        for process in reversed(self._running.values()):
            process.kill()
        for process in self._running.values():
            process.wait()
        self._running.clear()
        self._starter.shutdown()

    def _log(self, name: str) -> Path:
        return self._folder / "logs" / f"{name}.log"

    def _resident(self) -> Iterator[tuple[str, int]]:
        for name, process in self._running.items():
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    yield name, int(line.split()[1])
