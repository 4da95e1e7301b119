"""The command line: registers the commands, and turns a user's mistakes into one message each."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from compute_plane.cli.charts import charts
from compute_plane.cli.permissions import permissions
from compute_plane.errors import UserError

COMMANDS = (permissions,)
"""Each is a function in a file of its own; its name is the command's."""

GROUPS = (charts,)
"""Each makes a group of commands, in a file of its own."""


def main() -> None:
    """Exit code 2 for what the user can mend, without a traceback; commands have their own meaning of 1."""
    try:
        application()()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def application() -> typer.Typer:
    """The commands and the options that stand before them."""
    commands = typer.Typer(
        name="compute-plane",
        help="Works with the environments of this repository.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    commands.callback()(_options)
    for command in COMMANDS:
        commands.command()(command)
    for group in GROUPS:
        commands.add_typer(group())
    return commands


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"compute-plane {version('compute-plane')}")
        raise typer.Exit


def _options(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Without a command there is nothing to do."""
