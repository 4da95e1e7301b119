"""A place of its own for a rehearsal: folders and an environment in which nothing of the user's can be reached."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit


class SandboxInUse(Exception):
    """Two rehearsals would empty each other's folders."""


class NotLoopback(Exception):
    """A rehearsal was pointed at something that is not on this machine."""


def loopback(url: str) -> str:
    """The same URL. Raises NotLoopback unless its host is this machine."""
    host = urlsplit(url).hostname or ""
    local = host == "localhost" or (host.replace(".", "").isdigit() and ip_address(host).is_loopback)
    if not local:
        raise NotLoopback(f"a rehearsal talks to this machine only, not to {url}")
    return url


@dataclass(frozen=True)
class Sandbox:
    """The folders of one rehearsal below `build/rehearsal/`, emptied at its start."""

    root: Path
    folder: Path
    lock: IO[str]
    """Held as long as this object lives."""

    @classmethod
    def fresh(cls, root: Path, name: str) -> "Sandbox":
        """Raises SandboxInUse while another rehearsal of the same name runs."""
        folder = root / "build" / "rehearsal" / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_suffix(".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxInUse(f"another rehearsal of {name} is running") from None
        shutil.rmtree(folder, ignore_errors=True)
        for part in ("home", "state", "logs"):
            (folder / part).mkdir(parents=True)
        return cls(root, folder, lock)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def log(self, step: str) -> Path:
        return self.folder / "logs" / f"{step}.log"

    def inherited(self) -> dict[str, str]:
        """What every process of a rehearsal gets of the user's environment: programs and language, and no home."""
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
        return {**kept, "HOME": str(self.folder / "home"), "TMPDIR": str(self.state)}

    def environment(self, *, endpoint: str, region: str) -> Mapping[str, str]:
        """The only variables the CDK CLI sees: no profile, no credentials, no home of the user's."""
        home = self.folder / "home"
        return {
            **self.inherited(),
            "AWS_ENDPOINT_URL": loopback(endpoint),
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "KUBECONFIG": str(home / "kubeconfig"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "NO_COLOR": "1",
            # 320 MB that every synthesis of this user shares; it holds libraries and nothing of an account.
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache" / "aws" / "jsii" / "package-cache"),
        }
