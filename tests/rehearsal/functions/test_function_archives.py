"""Archives are unpacked once, with their modes, and inside their folder."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

from rehearsal.functions.archives import Archives, programs


def archive(files: dict[str, tuple[str, int]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            target.writestr(entry, content)
    return data.getvalue()


def test_an_archive_is_read_once_and_keeps_its_modes(tmp_path: Path) -> None:
    reads: list[tuple[str, str]] = []

    def read(bucket: str, key: str) -> bytes:
        reads.append((bucket, key))
        return archive({"helm/helm": ("#!/bin/sh\n", 0o755), "index.py": ("x = 1\n", 0o644)})

    archives = Archives(tmp_path, read)
    folders = {archives.stored("assets", "layer.zip") for _ in range(3)}

    (folder,) = folders
    assert reads == [("assets", "layer.zip")]
    assert os.access(folder / "helm" / "helm", os.X_OK)
    assert not os.access(folder / "index.py", os.X_OK)
    assert programs(folder) == [folder / "helm"]


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    archives = Archives(tmp_path / "code", lambda bucket, key: archive({"../../escaped.txt": ("x", 0o644)}))

    folder = archives.stored("assets", "bad.zip")

    assert (folder / "escaped.txt").exists()
    assert not (tmp_path / "escaped.txt").exists()


def test_the_layers_aws_runs_with_this_interpreter(tmp_path: Path) -> None:
    program = "#!/var/lang/bin/python\nimport sys\nimport helper\nprint(helper.NAME, *sys.argv[1:])\n"
    files = {"awscli/aws": (program, 0o755), "awscli/helper.py": ("NAME = 'aws'\n", 0o644)}
    archives = Archives(tmp_path, lambda bucket, key: archive(files))

    (folder,) = programs(archives.stored("assets", "cli.zip"))

    output = subprocess.run([folder / "aws", "eks", "a b"], capture_output=True, text=True, check=True).stdout
    assert output == "aws eks a b\n"


def test_inline_code_is_the_index_module(tmp_path: Path) -> None:
    archives = Archives(tmp_path, lambda bucket, key: b"")

    folder = archives.inline("small", "def handler(event, context): return 1\n")

    assert (folder / "index.py").read_text().startswith("def handler")
