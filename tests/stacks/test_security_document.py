"""docs/security.md is what the policies and the environments say today."""

from collections.abc import Callable
from pathlib import Path

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.security.document import SynthesizedEnvironment, environment_files, security_document


def test_the_security_document_is_not_stale(
    root: Path, load_raw: Callable[..., EnvironmentConfig], synthesize: Callable[..., Path]
) -> None:
    files = environment_files(root)
    texts = {file.stem: file.read_text() for file in files}

    environments = [SynthesizedEnvironment(name, load_raw(text).name, synthesize(text)) for name, text in texts.items()]
    document = security_document(environments)

    assert len(environments) > 5
    assert (root / "docs" / "security.md").read_text() == document, "stale: run `make docs`"
