"""The second judge is pinned, comes from no particular registry, and is no part of the application."""

import json
import re
from pathlib import Path

NAME = "@cloud-copilot/iam-simulate"


def test_the_second_judge_is_pinned_like_the_other_packages(root: Path) -> None:
    wanted = json.loads((root / "tests/iam/package.json").read_text())["dependencies"]
    locked = json.loads((root / "tests/iam/package-lock.json").read_text())["packages"]

    assert NAME in wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert locked[""]["dependencies"] == wanted
    installed = {path: package for path, package in locked.items() if path}
    assert [path for path, package in installed.items() if "integrity" not in package] == []
    assert [path for path, package in installed.items() if "resolved" in package] == []


def test_the_application_does_not_depend_on_the_second_judge(root: Path) -> None:
    files = ["package.json", "package-lock.json", "requirements.txt", "pyproject.toml"]

    assert NAME in (root / "tests/iam/package.json").read_text()
    assert [file for file in files if "cloud-copilot" in (root / file).read_text()] == []
