"""Starts the AWS stand-in as a process of its own, and asks it what happened."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rehearsal.clients import Clients
from rehearsal.sandbox import Sandbox, loopback


class StandIn:
    """The server process of one rehearsal; it ends when this process does."""

    def __init__(
        self,
        sandbox: Sandbox,
        *,
        account: str,
        region: str,
        charts: Path | None = None,
        crds: Path | None = None,
        kubernetes: Path | None = None,
    ) -> None:
        command = [sys.executable, "-m", "rehearsal.server", "--account", account, "--region", region]
        command += ["--state", str(sandbox.state), "--lock", str(sandbox.root / "charts.lock.yaml")]
        command += ["--cache", str(sandbox.root / "build" / "charts")]
        command += ["--charts", str(charts.resolve())] if charts else []
        command += ["--crds", str(crds.resolve())] if crds else []
        command += ["--kubernetes", str(kubernetes)] if kubernetes else []
        self.log = sandbox.log("server")
        self._process = subprocess.Popen(
            command,
            cwd=sandbox.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("w"),
            env={**sandbox.inherited(), "REHEARSAL_NODE_PATH": str(sandbox.root / "node_modules")},
            text=True,
            # Ctrl-C is for the rehearsal, which then stops the server.
            start_new_session=True,
        )
        assert self._process.stdout is not None
        started = self._process.stdout.readline()
        if not started:
            raise RuntimeError(f"the stand-in did not start: see {self.log}")
        self.endpoint = loopback(json.loads(started)["endpoint"])
        self._seen = 0

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def events(self) -> list[dict[str, Any]]:
        """The resource and stack events since the last call."""
        answer = self._ask(f"journal?since={self._seen}")
        self._seen = answer["next"]
        return answer["events"]

    def state(self) -> dict[str, Any]:
        """What exists in the account and in its clusters."""
        return self._ask("state")

    def objects(self, cluster: str) -> list[dict[str, Any]]:
        """The live Kubernetes objects of a cluster."""
        return self._ask(f"objects?cluster={cluster}")

    def refuse(self, *, kind: str, name: str, message: str) -> None:
        """Deny the creation of an object, and any write that would change it."""
        self._ask("refusals", "POST", {"kind": kind, "name": name, "message": message})

    def accept_everything(self) -> None:
        self._ask("refusals", "DELETE")

    def forget_leftovers(self) -> None:
        """As if someone had cleaned up by hand what a cluster left behind."""
        self._ask("leftovers", "DELETE")

    def end_termination_protection(self, stack: str, region: str) -> None:
        """What an operator does with `aws cloudformation update-termination-protection`."""
        cloudformation = Clients(self.endpoint, region)("cloudformation")
        cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)

    def _ask(self, path: str, method: str = "GET", body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.endpoint}/_rehearsal/{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)


def tail(file: Path, lines: int = 25) -> Sequence[str]:
    """The end of a log."""
    return file.read_text(errors="replace").splitlines()[-lines:]
