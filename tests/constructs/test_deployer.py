"""A CLI that does not fit and an account that must not get the plane are refused in one sentence."""

import pytest
from aws_cdk import cloud_assembly_schema

from compute_plane.deployer import DeployerError, check_account, check_cli

READABLE = cloud_assembly_schema.Manifest.version()
NEXT = f"{int(READABLE.partition('.')[0]) + 1}.0.0"
OURS, OTHER = "111122223333", "444455556666"


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CDK_CLI_VERSION": "2.1148.1"},
        {"CDK_CLI_VERSION": "2.1148.1", "CDK_CLI_ASM_VERSION": READABLE},
        {"CDK_CLI_VERSION": "2.2000.0", "CDK_CLI_ASM_VERSION": NEXT},
    ],
)
def test_a_cli_that_reads_what_the_library_writes_is_accepted(environment: dict[str, str]) -> None:
    check_cli(environment)


@pytest.mark.parametrize(("cli", "reads"), [("2.100.0", "40.0.0"), ("3.0.0", READABLE), ("3.0.0", "1.0.0")])
def test_another_cli_is_refused_with_the_way_to_the_right_one(cli: str, reads: str) -> None:
    with pytest.raises(DeployerError, match="npm ci") as caught:
        check_cli({"CDK_CLI_VERSION": cli, "CDK_CLI_ASM_VERSION": reads})

    assert str(caught.value).startswith(f"the CDK CLI {cli} does not fit")
    assert READABLE in str(caught.value)


@pytest.mark.parametrize(
    ("configured", "deployer", "expected"),
    [(None, None, None), (OURS, None, OURS), (None, OTHER, OTHER), (OURS, OURS, OURS)],
)
def test_the_account_is_the_configured_one_or_the_deployers(
    configured: str | None, deployer: str | None, expected: str | None
) -> None:
    environment = {"CDK_DEFAULT_ACCOUNT": deployer} if deployer else {}

    account = check_account(configured, environment)

    assert account == expected


def test_credentials_for_another_account_are_refused() -> None:
    with pytest.raises(DeployerError, match=f"belongs to account {OURS}, but the credentials are for {OTHER}"):
        check_account(OURS, {"CDK_DEFAULT_ACCOUNT": OTHER})
