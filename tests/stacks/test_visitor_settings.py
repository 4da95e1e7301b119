"""What the configuration says of the platform and of a vendor reaches their policies."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
PLATFORM, VENDOR = "external_id: 3f9d1c84-agreed-with-the-platform", "external_id: 7c0e2f5a-agreed-with-the-vendor"


@pytest.fixture
def stacks(root: Path, templates: Callable[..., dict[str, Template]]) -> dict[str, Template]:
    """A plane whose platform keeps to its own secrets, and whose vendor has a tag of its own."""
    text = (root / "tests" / "environments" / "platform.yaml").read_text(encoding="utf-8")
    text = text.replace(PLATFORM, f"{PLATFORM}\n    secret_prefix: tfy-secret/plane/")
    return templates(text.replace(VENDOR, f"{VENDOR}\n    tag_keys: [team]"))


def test_the_platform_reaches_secrets_below_its_prefix_only(stacks: dict[str, Template]) -> None:
    roles = {each.get("RoleName"): each for _, each in stacks["Data"].of_type("AWS::IAM::Role")}
    policies = {each["PolicyName"]: each for each in roles["cp-euc1-plat-platform-iam-role"]["Policies"]}

    statements: list[Raw] = policies["platform"]["PolicyDocument"]["Statement"]

    secrets = [flatten(each["Resource"]) for each in statements if "SecretParameters" in each["Sid"]]
    assert secrets == ["arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/tfy-secret/plane/*"] * 2


def test_the_vendor_may_set_the_planes_tags_and_its_own_on_what_it_makes(stacks: dict[str, Template]) -> None:
    policies = {each["ManagedPolicyName"]: each for _, each in stacks["Cluster"].of_type("AWS::IAM::ManagedPolicy")}
    statements: list[Raw] = policies["cp-euc1-plat-spectro-controller-compute"]["PolicyDocument"]["Statement"]

    allowed = {
        each["Sid"]: set(each["Condition"]["ForAllValues:StringLike"]["aws:TagKeys"])
        for each in statements
        if each["Sid"] in ("TagOnCreation", "RetagOwnResources")
    }

    assert len(allowed) == 2
    assert all(keys >= {"Name", "team", "stage", "compute-plane"} for keys in allowed.values())


def test_the_network_plugin_claims_untagged_interfaces_only_where_a_vendor_launches_nodes(
    stacks: dict[str, Template], configuration: Raw, templates: Callable[..., dict[str, Template]]
) -> None:
    planes = (stacks, templates(configuration))

    roles = [each for plane in planes for _, each in plane["Cluster"].of_type("AWS::IAM::Role")]

    plugins = [each for each in roles if str(each.get("RoleName")).endswith("-vpc-cni")]
    assert [[policy["PolicyName"] for policy in each["Policies"]] for each in plugins] == [
        ["vpc-cni", "vpc-cni-untagged"],
        ["vpc-cni"],
    ]
