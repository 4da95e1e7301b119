"""The command: rehearse one environment's whole life on this machine."""

import platform
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from compute_plane.config.errors import ConfigurationError
from compute_plane.config.load import environment_file, load
from rehearsal.cycle import Options, rehearse
from rehearsal.kubernetes.programs import NoControlPlane, find
from rehearsal.sandbox import SandboxInUse

ROOT = Path(__file__).parents[1]


class Kubernetes(StrEnum):
    """What stands behind a cluster."""

    EMBEDDED = "embedded"
    CONTROL_PLANE = "control-plane"


app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def main(
    environment: Annotated[str, typer.Argument(help="An environment of config/, by name.")] = "dev",
    config: Annotated[Path | None, typer.Option(help="A configuration file, instead of an environment.")] = None,
    charts: Annotated[Path | None, typer.Option(help="A folder of chart archives to install.")] = None,
    crds: Annotated[Path | None, typer.Option(help="A folder of CRDs for the charts' stand-ins.")] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Deploy, then leave everything running.")] = False,
    faults: Annotated[bool, typer.Option("--faults", help="Also rehearse what goes wrong.")] = False,
    kubernetes: Annotated[
        Kubernetes, typer.Option(help="The embedded API, or a real control plane with nodes that are not.")
    ] = Kubernetes.EMBEDDED,
) -> None:
    """Bootstrap, deploy, update and destroy a compute plane with the real CDK CLI, against an AWS on this machine.

    Exits 0 when every step did what it should, 1 when one did not, 2 when it cannot start, 130 on Ctrl-C.
    """
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        _refuse(
            f"a rehearsal needs Linux on x86-64, because CDK's layers carry Helm and kubectl for that only; "
            f"this is {platform.system()} on {platform.machine()}."
        )
    for folder in (charts, crds):
        if folder and not folder.is_dir():
            _refuse(f"no folder {folder}")
    try:
        file = config or environment_file(ROOT, environment)
        wanted = load(file).cluster.version
        programs = _programs(wanted) if kubernetes is Kubernetes.CONTROL_PLANE else None
    except (ConfigurationError, NoControlPlane) as error:
        _refuse(str(error))
    else:
        options = Options(file.resolve(), charts=charts, crds=crds, stay=stay, faults=faults, kubernetes=programs)
        try:
            passed = rehearse(ROOT, options)
        except SandboxInUse as error:
            _refuse(str(error))
        except KeyboardInterrupt:
            typer.echo("\ninterrupted; nothing keeps running", err=True)
            raise typer.Exit(130) from None
        raise typer.Exit(0 if passed else 1)


def _programs(version: str) -> Path:
    """The folder of a control plane of this version."""
    programs = find()
    built = programs.version()
    if not built.startswith(f"{version}."):
        raise NoControlPlane(
            f"cluster.version: the control plane in {programs.folder} is Kubernetes {built}, and the environment wants "
            f"{version}; the embedded API (--kubernetes embedded) answers as any version."
        )
    return programs.folder


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(2)
