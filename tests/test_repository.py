"""What holds of the repository itself: imports, pins, the list of targets, the size of files."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = ("app.py", "bench", "constructs", "lambda", "rehearsal", "stacks", "tests")
LONGEST_FILE = 200
PIN = re.compile(r"(?P<name>[\w.-]+)(\[[\w,]+\])?==(?P<version>[\w.]+)( ;.*)?")


def requirements(file: Path) -> dict[str, str]:
    """Pinned versions by normalized name; fails on a line that pins nothing."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith(("#", "-"))]
    pins = [PIN.fullmatch(line) for line in lines]
    assert [line for line, pin in zip(lines, pins, strict=True) if pin is None] == []
    return {re.sub(r"[._]", "-", pin["name"]).lower(): pin["version"] for pin in pins if pin}


def python_files(root: Path) -> list[Path]:
    return [file for source in SOURCES for file in [root / source, *(root / source).rglob("*.py")] if file.is_file()]


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("from constructs.compute_plane.names import Names", True),
        ("import constructs.compute_plane.names as names", True),
        ("from compute_plane.names import Names", False),
        ("from constructs import Construct", False),
    ],
)
def test_the_linter_refuses_to_load_our_package_through_the_library(line: str, refused: bool, root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", "stacks/example.py", "-"],
        cwd=root,
        input=f'"""An example."""\n\n{line}\n',
        capture_output=True,
        text=True,
    )

    assert done.returncode == int(refused), done.stdout
    assert ("TID251" in done.stdout) == refused


def test_no_folder_shadows_the_library_of_the_same_name(root: Path) -> None:
    packages = [folder for folder in ("constructs", "lambda", "tests") if (root / folder / "__init__.py").exists()]

    assert packages == []
    assert not list((root / "tests").rglob("__init__.py"))


def test_python_packages_are_pinned_exactly_and_the_constraints_say_the_same(root: Path) -> None:
    constraints = requirements(root / "constraints.txt")

    for name in ("requirements.txt", "requirements-dev.txt"):
        pinned = requirements(root / name)
        assert pinned
        assert {package: constraints.get(package) for package in pinned} == pinned, "stale: run `make lock`"


def test_packages_for_node_are_pinned_exactly_and_come_from_no_particular_registry(root: Path) -> None:
    wanted = json.loads((root / "package.json").read_text())["dependencies"]
    locked = json.loads((root / "package-lock.json").read_text())["packages"]

    assert wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert locked[""]["dependencies"] == wanted
    installed = {path: package for path, package in locked.items() if path}
    assert len(installed) >= len(wanted)
    assert [path for path, package in installed.items() if "integrity" not in package] == []
    assert [path for path, package in installed.items() if "resolved" in package] == []


def test_make_lists_every_target_with_one_line(root: Path) -> None:
    targets = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(), re.M)
    assert targets is not None

    listed = subprocess.run(["make", "--no-print-directory"], cwd=root, capture_output=True, text=True, check=True)

    lines = [re.fullmatch(r"  make (\w+) +[A-Z].{10,}", line) for line in listed.stdout.splitlines()]
    assert [line[1] for line in lines if line] == targets[1].split()
    assert None not in lines


def test_no_file_is_too_long_to_read(root: Path) -> None:
    lengths = {file.relative_to(root): len(file.read_text().splitlines()) for file in python_files(root)}

    assert len(lengths) > 50
    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for(root: Path) -> None:
    silent = [
        str(file.relative_to(root))
        for file in python_files(root)
        if file.relative_to(root).parts[0] != "tests"
        and not file.read_text().removeprefix("#!/usr/bin/env python3\n").startswith('"""')
    ]

    assert silent == []
