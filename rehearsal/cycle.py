"""The life of one plane: deploy, change, destroy, deploy again, destroy; each step has to do just what it says."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import load
from rehearsal.cdk import Cdk
from rehearsal.expectations import Mismatch
from rehearsal.live import Live
from rehearsal.report import Outcome, Report
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn
from rehearsal.staying import stay
from rehearsal.steps import Steps

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Options:
    """What to rehearse."""

    file: Path
    charts: Path | None = None
    crds: Path | None = None
    stay: bool = False
    faults: bool = False
    kubernetes: Path | None = None
    """The programs of a real control plane, in place of the embedded API."""


def rehearse(root: Path, options: Options) -> bool:
    """Run every step; true when each did what it should. The report says the rest."""
    console = Console(highlight=False)
    config = load(options.file)
    account = config.account or ACCOUNT
    sandbox = Sandbox.fresh(root, options.file.stem)
    stand_in = StandIn(
        sandbox,
        account=account,
        region=config.region,
        charts=options.charts,
        crds=options.crds,
        kubernetes=options.kubernetes,
    )
    try:
        live = Live(console)
        environment = sandbox.environment(endpoint=stand_in.endpoint, region=config.region)
        cdk = Cdk(sandbox, stand_in, live, environment)
        steps = Steps(cdk, stand_in, live, sandbox, config, account, options.file)
        report = Report(sandbox, config)
        for name, step in _plan(steps, config, options):
            if not _perform(console, report, stand_in, name, step):
                break
        if options.stay and report.passed:
            stay(console, sandbox, stand_in, environment)
        report.finish(stand_in)
        report.show(console)
        return report.passed
    finally:
        stand_in.stop()


Step = Callable[[], str]


def _plan(steps: Steps, config: EnvironmentConfig, options: Options) -> Iterator[tuple[str, Step]]:
    yield "bootstrap", steps.bootstrap
    if options.faults:
        yield "a chart that cannot be created", steps.failing_create
    yield "deploy", steps.deploy
    yield "deploy again", steps.deploy_again
    yield "change one chart value", steps.change_chart_value
    if options.faults:
        yield "a change that fails", steps.failing_change
        yield "replace what others read", steps.replacement
    if options.stay:
        return
    if config.protection:
        yield "destroy while protected", steps.refused_destroy
        yield "turn protection off", steps.unprotect
    if options.faults:
        yield "a load balancer left over", steps.left_over_load_balancer
    else:
        yield "destroy", steps.destroy
    yield "deploy after destroy", steps.redeploy
    yield "destroy again", steps.destroy


def _perform(console: Console, report: Report, stand_in: StandIn, name: str, step: Step) -> bool:
    console.print(f"\n[bold cyan]{name}[/]")
    started = time.monotonic()
    try:
        detail, passed = step(), True
    except Mismatch as mismatch:
        detail, passed = str(mismatch), False
    report.add(Outcome(name, round(time.monotonic() - started, 1), passed, detail), stand_in.state())
    console.print(f"  {'[green]as it should[/]' if passed else '[red]NOT as it should[/]'}: ", end="")
    console.print(detail, markup=False, soft_wrap=True)
    return passed
