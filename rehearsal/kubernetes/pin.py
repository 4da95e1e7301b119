"""Moves both Go modules to other versions: `python -m rehearsal.kubernetes.pin 1.35.4 0.8.0`.

Kubernetes requires its own parts (k8s.io/api and others) at v0.0.0 and replaces them by folders of its tree. What a
dependency replaces does not count, so that our go.mod repeats those lines with the modules that are published.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from rehearsal.kubernetes.build import go_program
from rehearsal.kubernetes.modules import CONTROL_PLANE, KWOK

KUBERNETES = "k8s.io/kubernetes"
KWOK_PROGRAM = "sigs.k8s.io/kwok/cmd/kwok"
MODULE = "compute-plane/rehearsal/kubernetes"
STAGING = re.compile(r"^\s*(\S+) => \./staging/\S+$", re.MULTILINE)
# A dependency's own `godebug` does not count either.
LANGUAGE = re.compile(r"^(?:go|godebug) .+$", re.MULTILINE)


def main(arguments: list[str]) -> None:
    """Write go.mod and go.sum of both modules anew."""
    if len(arguments) != 2 or not all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in arguments):
        sys.exit("usage: python -m rehearsal.kubernetes.pin KUBERNETES KWOK, for example 1.35.4 0.8.0")
    kubernetes, kwok = arguments
    go = go_program()
    found = _go(go, CONTROL_PLANE.parent, "mod", "download", "-json", f"{KUBERNETES}@v{kubernetes}")
    upstream = Path(json.loads(found)["GoMod"]).read_text()
    for module in (CONTROL_PLANE, KWOK):
        (module / "go.sum").unlink(missing_ok=True)
    (CONTROL_PLANE / "go.mod").write_text(control_plane_module(upstream, kubernetes))
    (KWOK / "go.mod").write_text(f"module {MODULE}/kwok\n\ngo {_newest_language(go, kwok)}\n")
    _go(go, KWOK, "get", "-tool", f"{KWOK_PROGRAM}@v{kwok}")
    for module in (CONTROL_PLANE, KWOK):
        _go(go, module, "mod", "tidy")


def control_plane_module(upstream: str, version: str) -> str:
    """Our go.mod for a version of Kubernetes, from that version's own; `go mod tidy` completes it."""
    part = f"v0.{version.partition('.')[2]}"
    replaced = [f"\t{name} => {name} {part}" for name in STAGING.findall(upstream)]
    head = [f"module {MODULE}/control-plane", *LANGUAGE.findall(upstream), f"require {KUBERNETES} v{version}"]
    return "\n".join([*head, "replace (", *replaced, ")", ""])


def _newest_language(go: Path, kwok: str) -> str:
    """The language version that kwok itself asks for."""
    found = json.loads(
        _go(go, KWOK.parent, "mod", "download", "-json", f"{KWOK_PROGRAM.removesuffix('/cmd/kwok')}@v{kwok}")
    )
    line = re.search(r"^go (\S+)$", Path(found["GoMod"]).read_text(), re.MULTILINE)
    if line is None:
        raise LookupError(f"{found['GoMod']} names no language version")
    return line[1]


def _go(go: Path, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "-mod=mod"}
    return subprocess.run(
        [go, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    main(sys.argv[1:])
