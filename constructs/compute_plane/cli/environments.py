"""Finds and synthesizes the environment that a command is about."""

import json
import os
import subprocess
import sys
from pathlib import Path

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import environment_file, load
from compute_plane.errors import UserError


def chosen_file(environment: str | None, config: Path | None) -> Path:
    """The file of the one that is given. Raises an error of the user's for none, for both, and for an unknown one."""
    if (environment is None) == (config is None):
        raise UserError("say which environment: --env NAME for config/NAME.yaml, or --config PATH")
    return config.resolve() if config else environment_file(repository(), environment or "")


def repository() -> Path:
    """The current folder, if it is the application's."""
    root = Path.cwd()
    if not (root / "app.py").is_file() or not (root / "cdk.json").is_file():
        raise UserError(f"{root}: no app.py and cdk.json here; run compute-plane in the repository's folder")
    return root


def synthesize(file: Path, output: Path, account: str | None = None) -> EnvironmentConfig:
    """Write the assembly of the environment in `file` to `output`, as `cdk synth` does but without CDK's validation."""
    root = repository()
    config = load(file)  # says what is wrong with the file before anything slow begins
    sys.stderr.write(f"Synthesizing {config.name} for its templates\n")
    # The CLI asks for the paths of constructs too.
    asked = {"config": str(file), "aws:cdk:enable-path-metadata": True}
    context = json.loads((root / "cdk.json").read_text(encoding="utf-8"))["context"] | asked
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=root,
        env=_variables(output, context, config.account or account),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError(
            f"{file}: synthesis failed; `make synth` shows the same\n{(done.stderr or done.stdout).strip()}"
        )
    return config


def _variables(output: Path, context: object, account: str | None) -> dict[str, str]:
    node = Path(sys.executable).parent / "node"
    given = {"CDK_OUTDIR": str(output), "CDK_CONTEXT_JSON": json.dumps(context), "CDK_VALIDATION": "false"}
    given |= {"CDK_DEFAULT_ACCOUNT": account} if account else {}
    given |= {"JSII_NODE": str(node)} if node.is_file() and "JSII_NODE" not in os.environ else {}
    return {**os.environ, **given}
