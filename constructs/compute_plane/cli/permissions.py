"""`compute-plane permissions`: what a deployment must be allowed, and what existing policies lack of it."""

import re
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from compute_plane.errors import UserError

HOLDER_HELP = (
    "CloudFormation's execution role, who runs `cdk deploy`, or both; both are printed and the execution role is "
    "compared unless you say."
)


class Holder(StrEnum):
    """Who needs something."""

    EXECUTION = "execution"
    DEPLOYER = "deployer"
    ALL = "all"


class Form(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    JSON = "json"


def permissions(
    env: Annotated[str | None, typer.Option(help="An environment in config/.")] = None,
    config: Annotated[Path | None, typer.Option(help="The file of an environment.")] = None,
    holder: Annotated[
        Holder | None,
        typer.Option("--for", help=HOLDER_HELP),
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="AWS account id, where neither file nor credentials tell.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="A folder for one file a policy.")] = None,
    format: Annotated[Form, typer.Option(help="What to print.")] = Form.TEXT,
    compare: Annotated[
        list[Path] | None,
        typer.Option(help="A policy to compare with, once for each; prints what they lack. Exit code 1 if anything."),
    ] = None,
) -> None:
    """Print the policies that deploying an environment needs, derived from its templates."""
    # Typer would load these for every command.
    from compute_plane.cli.environments import chosen_file, synthesize
    from compute_plane.cli.permissions_report import comparison_report, policies_report, write_policies
    from compute_plane.permissions.assembly import ACCOUNT, read_assembly
    from compute_plane.permissions.comparison import lacking
    from compute_plane.permissions.granted import read_grants
    from compute_plane.permissions.plan import plan
    from compute_plane.permissions.registry import Registry

    file = chosen_file(env, config)
    _check(account, output, compare or [])
    with TemporaryDirectory() as folder:
        name = synthesize(file, Path(folder), account).name
        assembly = read_assembly(Path(folder), account=account)
    found = plan(assembly, Registry(assembly.place.region), cluster=name)
    if compare:
        parts = found.parts((holder or Holder.EXECUTION).value)
        needs = {need: sources for part in parts for need, sources in part.needs.items()}
        lacks = lacking(needs, read_grants(compare, assembly.place), assembly.place)
        typer.echo(comparison_report(lacks, len(needs), as_json=format is Form.JSON))
        raise typer.Exit(1 if lacks else 0)
    if assembly.place.account == ACCOUNT:
        typer.echo(f"No account is known, so the policies say {ACCOUNT}: give --account for usable ones", err=True)
    parts = found.parts((holder or Holder.ALL).value)
    if output:
        write_policies(parts, output, cluster=name)
    typer.echo(policies_report(parts, found.left_out, as_json=format is Form.JSON, folder=output))


def _check(account: str | None, output: Path | None, compare: list[Path]) -> None:
    """What is wrong with the options is said before the synthesis, which takes seconds."""
    if account is not None and not re.fullmatch(r"\d{12}", account):
        raise UserError(f"--account {account}: an AWS account id has 12 digits")
    if compare and output:
        raise UserError("--output goes with printing policies, not with --compare")
    if missing := [str(file) for file in compare if not file.is_file()]:
        raise UserError(f"no such file: {', '.join(missing)}")
