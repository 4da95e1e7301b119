"""Runs the real CDK CLI in the sandbox, showing resources as they come and go."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rehearsal.live import Live
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn

POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Run:
    """One command that has ended."""

    code: int
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")


class Cdk:
    """The CLI that package-lock.json pins, with `-c config=` naming the environment's file."""

    def __init__(
        self,
        sandbox: Sandbox,
        stand_in: StandIn,
        live: Live,
        environment: Mapping[str, str],
        stacks: Sequence[str] = ("--all",),
    ) -> None:
        self._sandbox, self._stand_in, self._live, self._environment = sandbox, stand_in, live, environment
        self._stacks = stacks
        self._program = sandbox.root / "node_modules" / ".bin" / "cdk"

    def bootstrap(self, account: str, region: str, *, file: Path) -> Run:
        return self._run("bootstrap", ["bootstrap", f"aws://{account}/{region}"], file)

    def deploy(self, step: str, *, file: Path) -> Run:
        """What `make deploy YES=1` runs."""
        arguments = ["deploy", *self._stacks, "--import-existing-resources", "--require-approval", "never"]
        return self._run(step, [*arguments, "--concurrency", "4"], file)

    def destroy(self, step: str, *, file: Path) -> Run:
        """What `make destroy YES=1` runs."""
        return self._run(step, ["destroy", *self._stacks, "--force", "--concurrency", "4"], file)

    def _run(self, step: str, arguments: list[str], file: Path) -> Run:
        log = self._sandbox.log(step)
        # Its own output folder: a rehearsal must not replace the user's cdk.out.
        context = ["-c", f"config={file}", "--output", str(self._sandbox.folder / "cdk.out")]
        with log.open("w") as output:
            process = subprocess.Popen(
                [str(self._program), *arguments, *context, "--no-validation"],
                cwd=self._sandbox.root,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            while process.poll() is None:
                self._live.show(self._stand_in.events())
                time.sleep(POLL_SECONDS)
        self._live.show(self._stand_in.events())
        return Run(process.returncode, log)
