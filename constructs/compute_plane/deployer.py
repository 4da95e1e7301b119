"""Refuses, in one sentence each, a CDK CLI that cannot deploy this application and an account that must not get it."""

from collections.abc import Mapping

from aws_cdk import cloud_assembly_schema

from compute_plane.errors import UserError


class DeployerError(UserError):
    """What is wrong with who or what deploys."""


def check_cli(environment: Mapping[str, str]) -> None:
    """The CLI tells its version and the newest assembly it reads (CDK_CLI_VERSION, CDK_CLI_ASM_VERSION).

    Raises DeployerError for a CLI that is older than the library or of another major version.
    """
    cli, readable = environment.get("CDK_CLI_VERSION"), environment.get("CDK_CLI_ASM_VERSION")
    if cli is None or readable is None:
        return  # not started by a CLI
    written = cloud_assembly_schema.Manifest.version()
    if _major(readable) < _major(written) or _major(cli) != 2:
        raise DeployerError(
            f"the CDK CLI {cli} does not fit this application's library: it reads assemblies up to {readable}, "
            f"the library writes {written}; install the CLI that package-lock.json pins (npm ci) and run `npx cdk`."
        )


def check_account(configured: str | None, environment: Mapping[str, str]) -> str | None:
    """The account to deploy to: the configured one, or the deployer's.

    Raises DeployerError when the deployer's credentials are for another account than the configured one.
    """
    deployer = environment.get("CDK_DEFAULT_ACCOUNT")
    if configured and deployer and configured != deployer:
        raise DeployerError(
            f"this environment belongs to account {configured}, but the credentials are for {deployer}."
        )
    return configured or deployer


def _major(version: str) -> int:
    major = version.partition(".")[0]
    return int(major) if major.isdigit() else 0
