"""The real CDK CLI, CDK's own function under Node.js and the stand-in, on the Network stack alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from rehearsal.cdk import Cdk
from rehearsal.expectations import nothing_happened, succeeded
from rehearsal.live import Live
from rehearsal.sandbox import Sandbox
from rehearsal.stand_in import StandIn

ROOT = Path(__file__).parents[2]
FILE = ROOT / "config" / "dev.yaml"
STACK = "cp-euc1-dev-network"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox.fresh(ROOT, "test-network")


@pytest.fixture
def stand_in(sandbox: Sandbox) -> Iterator[StandIn]:
    process = StandIn(sandbox, account="123456789012", region="eu-central-1", charts=None, crds=None)
    yield process
    process.stop()


def test_the_network_is_deployed_left_alone_and_destroyed(sandbox: Sandbox, stand_in: StandIn) -> None:
    live = Live(Console(quiet=True))
    environment = sandbox.environment(endpoint=stand_in.endpoint, region="eu-central-1")
    cdk = Cdk(sandbox, stand_in, live, environment, stacks=["Network"])

    succeeded(cdk.bootstrap("123456789012", "eu-central-1", file=FILE))
    succeeded(cdk.deploy("deploy", file=FILE))
    deployed = stand_in.state()
    live.take()
    succeeded(cdk.deploy("again", file=FILE))
    nothing_happened(live.take())
    succeeded(cdk.destroy("destroy", file=FILE))

    assert deployed["stacks"][STACK] == "CREATE_COMPLETE"
    assert {"AWS::EC2::VPC", "Custom::VpcRestrictDefaultSG"} <= {each["type"] for each in deployed["resources"]}
    assert STACK not in stand_in.state()["stacks"]
    assert stand_in.state()["unknown_calls"] == []
