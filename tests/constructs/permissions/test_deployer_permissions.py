"""Who runs `cdk deploy` needs the bootstrap roles, or without them what the CLI itself calls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from compute_plane.checks.actions import action
from compute_plane.permissions.assembly import Assembly
from compute_plane.permissions.deployer_needs import deployer_needs

Make = Callable[..., Assembly]
EXECUTION = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/exec"


def test_with_bootstrap_roles_their_assumption_is_enough(assembly: Make) -> None:
    role = "arn:aws:iam::111122223333:role/cdk-deploy"
    bootstrapped = replace(assembly(network={}), assumed_roles=(role,), version_parameter="/cdk-bootstrap/x/version")

    needs = {need.action: need.resource for need in deployer_needs(bootstrapped)}

    assert needs == {
        "sts:GetCallerIdentity": "*",
        "sts:AssumeRole": role,
        "ssm:GetParameter": "arn:aws:ssm:eu-central-1:111122223333:parameter/cdk-bootstrap/x/version",
    }


def test_without_bootstrap_roles_the_calls_of_the_cli_are_needed_on_our_stacks(assembly: Make) -> None:
    needs = deployer_needs(assembly(network={}, data={}))

    made = {need.resource for need in needs if need.action == "cloudformation:CreateChangeSet"}
    assert made == {
        f"arn:aws:cloudformation:eu-central-1:111122223333:stack/ours-{name}/*" for name in ("network", "data")
    }
    assert "s3:PutObject" in {need.action for need in needs}
    assert [need.action for need in needs if action(need.action) is None] == []


def test_an_execution_role_without_a_deploy_role_is_passed_to_cloudformation_alone(assembly: Make) -> None:
    plain = assembly(network={})
    with_role = replace(plain, stacks=tuple(replace(stack, role=EXECUTION) for stack in plain.stacks))

    passed: list[Any] = [need for need in deployer_needs(with_role) if need.action == "iam:PassRole"]

    assert [need.resource for need in passed] == ["arn:aws:iam::111122223333:role/exec"]
    assert passed[0].condition == (("StringEquals", "iam:PassedToService", ("cloudformation.amazonaws.com",)),)
