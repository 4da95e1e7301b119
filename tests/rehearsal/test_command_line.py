import platform
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rehearsal.cli import app


def test_elsewhere_it_says_why_not_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")

    result = CliRunner().invoke(app, ["dev"])

    assert result.exit_code == 2
    assert result.stderr.strip().startswith("a rehearsal needs Linux on x86-64")
    assert result.stderr.strip().count("\n") == 0


def test_an_unknown_environment_is_named_with_the_known_ones() -> None:
    result = CliRunner().invoke(app, ["prd"])

    assert result.exit_code == 2
    assert "no environment 'prd'" in result.stderr
    assert "did you mean 'prod'?" in result.stderr


def test_a_wrong_configuration_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\n")

    result = CliRunner().invoke(app, ["--config", str(tmp_path / "bad.yaml")])

    assert result.exit_code == 2
    assert "region: is required" in result.stderr


def test_a_folder_of_charts_must_exist() -> None:
    result = CliRunner().invoke(app, ["dev", "--charts", "/nowhere"])

    assert result.exit_code == 2
    assert "no folder /nowhere" in result.stderr
