#!/usr/bin/env python3
"""Chooses the environment, attaches the rule packs, makes the stacks."""

import gc
import os
import sys
from datetime import date
from pathlib import Path

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from compute_plane.charts import load_charts
from compute_plane.checks import ComputePlaneChecks, PlaneFacts
from compute_plane.config.errors import ConfigurationError
from compute_plane.config.load import environment_file, load
from compute_plane.deployer import DeployerError, check_account, check_cli
from compute_plane.iam.placeholders import DocumentError
from stacks.plane import add_stacks

ROOT = Path(__file__).parent
DEFAULT = "dev"


def main() -> None:
    """Synthesize the environment named by `-c env=NAME`, or the file named by `-c config=PATH`."""
    # A synthesis is over before its garbage matters; collecting it costs a few hundredths of the time.
    gc.disable()
    app = cdk.App()
    check_cli(os.environ)
    given = app.node.try_get_context("config")
    config = load(Path(given) if given else environment_file(ROOT, app.node.try_get_context("env") or DEFAULT))
    account = check_account(config.account, os.environ)

    facts = PlaneFacts.of(config, account)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ComputePlaneChecks(app, facts=facts))
    add_stacks(
        app,
        config=config,
        env=cdk.Environment(account=account, region=config.region),
        charts=load_charts(ROOT / "charts.lock.yaml"),
        today=date.today(),
    )
    app.synth()


if __name__ == "__main__":
    try:
        main()
    except (ConfigurationError, DeployerError, DocumentError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
