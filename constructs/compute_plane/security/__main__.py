"""Writes docs/security.md: `python -m compute_plane.security`, in the repository's folder."""

from pathlib import Path
from tempfile import TemporaryDirectory

from compute_plane.cli.environments import repository, synthesize
from compute_plane.security.document import SynthesizedEnvironment, environment_files, security_document


def main() -> None:
    """Synthesize every environment that ships or is tested, and write what they say."""
    root = repository()
    with TemporaryDirectory() as folder:
        environments = [_synthesized(file, Path(folder) / file.stem) for file in environment_files(root)]
        (root / "docs" / "security.md").write_text(security_document(environments), encoding="utf-8")


def _synthesized(file: Path, assembly: Path) -> SynthesizedEnvironment:
    return SynthesizedEnvironment(file.stem, synthesize(file, assembly).name, assembly)


if __name__ == "__main__":
    main()
