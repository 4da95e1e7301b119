"""The processes of a control plane: their logs, their ends, and that none outlives who started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.kubernetes.components import ComponentEnded, Components

STARTER = """
import sys, time
from pathlib import Path
from rehearsal.kubernetes.components import Components

components = Components(Path(sys.argv[1]))
components.start(Path("/bin/sh"), "-c", "echo $$; exec sleep 60")
print("started", flush=True)
time.sleep(60)
"""


def shell(components: Components, command: str) -> None:
    components.start(Path("/bin/sh"), "-c", command)


def test_a_component_that_ends_is_told_with_the_end_of_its_log(
    folder: Path, eventually: Callable[[Callable[[], Any]], Any]
) -> None:
    components = Components(folder)
    shell(components, "echo first; echo no room >&2; exit 3")

    def ended() -> str:
        try:
            components.check()
        except ComponentEnded as error:
            return str(error)
        return ""

    message = eventually(ended)
    components.stop()

    assert message.startswith(f"sh ended with 3: {folder}/logs/sh.log ends with")
    assert message.endswith("first\nno room")


def test_stopping_ends_all_and_remembers_their_memory(folder: Path) -> None:
    components = Components(folder)
    shell(components, "exec sleep 60")
    components.check()

    components.stop()

    assert components.peaks().keys() == {"sh"}
    with pytest.raises(RuntimeError, match="shutdown"):
        shell(components, "true")


def test_a_component_sees_nothing_of_the_users_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the user's")
    components = Components(folder)
    components.start(Path("/usr/bin/env"), environment={"SSL_CERT_FILE": "ca.crt"})
    while (folder / "logs" / "env.log").stat().st_size == 0:
        time.sleep(0.02)
    components.stop()

    lines = (folder / "logs" / "env.log").read_text().splitlines()

    assert sorted(line.partition("=")[0] for line in lines) == ["HOME", "PATH", "SSL_CERT_FILE"]


def test_components_end_with_a_process_that_is_killed(
    folder: Path, eventually: Callable[[Callable[[], Any]], Any]
) -> None:
    process = subprocess.Popen([sys.executable, "-c", STARTER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    child = int(eventually(lambda: (folder / "logs" / "sh.log").read_text()))
    alive = Path(f"/proc/{child}").exists()

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert alive
    assert eventually(lambda: not Path(f"/proc/{child}").exists())
