"""`compute-plane charts`: the Helm charts of the lock file, and the values that environments give them."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

Names = Annotated[list[str] | None, typer.Argument(help="Charts by their names in charts.lock.yaml; all if none.")]
Charts = Annotated[Path | None, typer.Option(help="A folder of chart archives (*.tgz).")]


def charts() -> typer.Typer:
    """The sub-commands."""
    group = typer.Typer(name="charts", help="Lists, verifies, checks and records Helm charts.", no_args_is_help=True)
    for command in (list_charts, verify, check, record):
        group.command("list" if command is list_charts else None)(command)
    return group


def list_charts() -> None:
    """Print the lock file as a table."""
    from compute_plane.chart_checks.locked import locked_charts
    from compute_plane.cli.charts_report import lock_table
    from compute_plane.cli.environments import repository

    root = repository()
    typer.echo(lock_table(root, locked_charts(root)))


def verify(
    names: Names = None,
    charts: Charts = None,
    save: Annotated[Path | None, typer.Option(help="Keep what was fetched and is not refused in this folder.")] = None,
) -> None:
    """Compare archives with the lock file: those of a folder, or those that the repositories serve.

    Exit code 1 if a digest differs, or a repository does not answer.
    """
    from compute_plane.chart_checks.archives import archives_in
    from compute_plane.chart_checks.locked import locked_charts
    from compute_plane.chart_checks.verification import BAD
    from compute_plane.chart_checks.verification import verify as verified
    from compute_plane.cli.charts_report import verification_table
    from compute_plane.cli.environments import repository

    archives = archives_in(charts) if charts else None
    locked = locked_charts(repository(), names or [])
    found = [(each, verified(each, archives, save)) for each in locked]
    typer.echo(verification_table(found))
    raise typer.Exit(1 if any(each and each.state in BAD for _, each in found) else 0)


def check(
    env: Annotated[str | None, typer.Option(help="An environment in config/.")] = None,
    config: Annotated[Path | None, typer.Option(help="The file of an environment.")] = None,
    charts: Charts = None,
) -> None:
    """Check the Helm values of an environment key by key; with archives, by rendering and validating every object.

    Exit code 1 if anything is wrong.
    """
    from compute_plane.chart_checks.archives import archives_in
    from compute_plane.chart_checks.checking import check as checked
    from compute_plane.chart_checks.checking import validate
    from compute_plane.chart_checks.locked import locked_charts
    from compute_plane.chart_checks.releases import manifests_in, releases_in, template_in
    from compute_plane.cli.charts_report import check_report
    from compute_plane.cli.environments import chosen_file, repository, synthesize

    file, root = chosen_file(env, config), repository()
    archives = archives_in(charts) if charts else {}
    with TemporaryDirectory() as folder:
        environment = synthesize(file, Path(folder))
        template = template_in(Path(folder))
    version = environment.cluster.version
    names = {each.key: each.name for each in locked_charts(root)}
    found = checked(releases_in(template), root=root, names=names, archives=archives, kubernetes=version)
    validation = validate(found, manifests_in(template), version) if archives else None
    report, is_right = check_report(found, validation, environment, file)
    typer.echo(report)
    raise typer.Exit(0 if is_right else 1)


def record(
    charts: Annotated[Path, typer.Option(help="A folder of chart archives (*.tgz).")],
    names: Names = None,
    config: Annotated[
        list[Path] | None,
        typer.Option(help="Environments whose values the charts are rendered with, besides those in config/."),
    ] = None,
    kubernetes: Annotated[str, typer.Option(help="The version to render for, with the Helm of its layer.")] = "1.35",
) -> None:
    """Write what the checks need to know of charts to charts/facts, from their real archives (minutes)."""
    from compute_plane.chart_checks.archives import archives_in
    from compute_plane.chart_checks.facts import write_facts
    from compute_plane.chart_checks.helm import Helm, RenderError
    from compute_plane.chart_checks.locked import at_hand, locked_charts
    from compute_plane.chart_checks.recording import record as recorded
    from compute_plane.chart_checks.releases import values_by_chart
    from compute_plane.cli.environments import repository, synthesize
    from compute_plane.errors import UserError

    root, helm = repository(), Helm.of_kubernetes(kubernetes)
    chosen = at_hand(locked_charts(root, names or []), archives_in(charts))
    if not chosen:
        raise UserError(f"{charts}: no archive of a chart in the lock file")
    files = [*sorted((root / "config").glob("*.yaml")), *(each.resolve() for each in config or [])]
    with TemporaryDirectory() as folder:
        assemblies = [Path(folder) / str(number) for number in range(len(files))]
        for file, assembly in zip(files, assemblies, strict=True):
            synthesize(file, assembly)
        values = values_by_chart(assemblies)
    for locked, archive in chosen:
        try:
            facts = recorded(archive, helm, values.get(archive.name, []))
        except RenderError as error:
            raise UserError(f"{archive.path}: {error}\nname an environment that installs it with --config") from error
        file = write_facts(root, locked.name, facts)
        typer.echo(f"{file.relative_to(root)}: digest {locked.digest_state(archive.digest)}")
