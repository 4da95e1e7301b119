"""The two Go modules that pin what the control plane is built from, and the key under which it is cached."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent
CONTROL_PLANE = FOLDER / "control-plane"
KWOK = FOLDER / "kwok"
SOURCES = (
    CONTROL_PLANE / "go.mod",
    CONTROL_PLANE / "go.sum",
    CONTROL_PLANE / "main.go",
    KWOK / "go.mod",
    KWOK / "go.sum",
)


def pinned(module: Path, name: str) -> str:
    """The version of a dependency in a module's go.mod, without its `v`."""
    file = module / "go.mod"
    found = re.search(rf"^(?:require )?\s*{re.escape(name)} v(\S+)", file.read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{file} pins no {name}")
    return found[1]


def kubernetes_version() -> str:
    """The Kubernetes version that the control plane is built as, for example 1.35.4."""
    return pinned(CONTROL_PLANE, "k8s.io/kubernetes")


def kwok_version() -> str:
    return pinned(KWOK, "sigs.k8s.io/kwok")


def language_version() -> tuple[int, int]:
    """The oldest Go that both modules accept."""
    lines = [
        re.search(r"^go (\d+)\.(\d+)", (module / "go.mod").read_text(), re.MULTILINE)
        for module in (CONTROL_PLANE, KWOK)
    ]
    return max((int(line[1]), int(line[2])) for line in lines if line)


def cache_root(environment: Mapping[str, str] = os.environ) -> Path:
    """Where built programs are kept: outside every checkout, so that all of them share one build."""
    base = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "compute-plane" / "kubernetes"


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of this version: any change of the modules is another one."""
    digest = hashlib.sha256()
    for source in SOURCES:
        digest.update(source.read_bytes())
    return cache_root(environment) / f"{kubernetes_version()}-{digest.hexdigest()[:12]}"
