"""Unpacks function and layer archives once each, with their file modes."""

import io
import shlex
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path


class Archives:
    """Folders of unpacked code, by bucket and key or by inline text."""

    def __init__(self, folder: Path, read_object: Callable[[str, str], bytes]) -> None:
        self._folder, self._read_object = folder, read_object
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def stored(self, bucket: str, key: str) -> Path:
        """The folder of an archive that lies in a bucket."""
        folder = self._folder / f"{bucket}-{key}".replace("/", "-").removesuffix(".zip")
        with self._lock_of(folder.name):
            if not folder.exists():
                partial = folder.with_name(folder.name + ".partial")
                unpack(self._read_object(bucket, key), partial)
                _wrap_aws(partial, folder)
                partial.rename(folder)
        return folder

    def inline(self, name: str, code: str) -> Path:
        """The folder of code that stands in the template, as `index`."""
        folder = self._folder / f"inline-{name}"
        folder.mkdir(parents=True, exist_ok=True)
        for file in ("index.py", "index.js"):
            (folder / file).write_text(code)
        return folder

    def _lock_of(self, name: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())


def unpack(data: bytes, folder: Path) -> None:
    """Unpack an archive, refusing names that leave the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            target = Path(archive.extract(entry, folder))
            mode = entry.external_attr >> 16 & 0o777
            if target.is_file() and mode:
                target.chmod(mode | 0o600)


def programs(folder: Path) -> list[Path]:
    """The folders of a layer that belong on PATH."""
    return [folder / name for name in (".wrapped", "bin", "helm", "kubectl") if (folder / name).is_dir()]


def _wrap_aws(folder: Path, final: Path) -> None:
    """The AWS CLI of CDK's layer names Lambda's interpreter in its first line: run it with this one."""
    if not (folder / "awscli" / "aws").is_file():
        return
    home = shlex.quote(str(final / "awscli"))
    wrapper = folder / ".wrapped" / "aws"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nPYTHONPATH={home} exec {shlex.quote(sys.executable)} -W ignore {home}/aws "$@"\n')
    wrapper.chmod(0o755)
