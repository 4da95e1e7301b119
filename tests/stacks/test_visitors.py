"""Roles for principals from outside: the platform and a vendor's account, in both forms."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks import unused_acknowledgements
from compute_plane.checks.template import Template
from compute_plane.cluster.cross_account import BOUNDARY, TIGHTENED, VENDOR
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
FORMS = ("platform", "platform-vendor")
ROLE, MANAGED_POLICY = "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"


@pytest.fixture
def text(root: Path) -> Callable[[str], str]:
    """The file of an environment for tests."""
    return lambda name: (root / "tests" / "environments" / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.fixture
def plane(text: Callable[[str], str], templates: Callable[..., dict[str, Template]]) -> Callable[[str], Raw]:
    """The templates of such an environment."""
    return lambda name: templates(text(name))


def role(template: Template, name: str) -> tuple[str, Raw]:
    [found] = [(id, dict(each)) for id, each in template.of_type(ROLE) if each.get("RoleName") == name]
    return found


def trust(template: Template, name: str) -> Raw:
    [statement] = role(template, name)[1]["AssumeRolePolicyDocument"]["Statement"]
    return statement


def inline(template: Template, name: str) -> dict[str, list[Raw]]:
    policies = role(template, name)[1]["Policies"]
    return {policy["PolicyName"]: policy["PolicyDocument"]["Statement"] for policy in policies}


@pytest.mark.parametrize("form", FORMS)
def test_no_finding_is_open_and_none_is_excused_for_nothing(
    form: str, text: Callable[[str], str], synthesize: Callable[..., Path]
) -> None:
    assembly = synthesize(text(form))

    report = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]
    assert [plugin["violations"] for plugin in report] == [[], []]
    assert all(plugin["suppressedViolations"] for plugin in report)
    assert unused_acknowledgements(assembly) == []


@pytest.mark.parametrize(("form", "name"), [("platform", "SpectroCloudRole"), ("platform-vendor", "PaletteRole")])
def test_the_vendors_role_trusts_its_account_with_the_external_id_only(
    form: str, name: str, plane: Callable[[str], Raw]
) -> None:
    statement = trust(plane(form)["Cluster"], name)

    assert flatten(statement["Principal"]["AWS"]) == "arn:<AWS::Partition>:iam::444455556666:root"
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "7c0e2f5a-agreed-with-the-vendor"}}


@pytest.mark.parametrize(
    ("form", "name", "cluster", "documents"),
    [
        ("platform", "SpectroCloudRole", "cp-euc1-plat", TIGHTENED),
        ("platform-vendor", "PaletteRole", "cp-euc1-vend", VENDOR),
    ],
)
def test_the_vendors_role_has_all_its_policies(
    form: str, name: str, cluster: str, documents: tuple[str, ...], plane: Callable[[str], Raw]
) -> None:
    template = plane(form)["Cluster"]
    logical_id, properties = role(template, name)

    attached = {
        policy["ManagedPolicyName"]
        for _, policy in template.of_type(MANAGED_POLICY)
        if template.attached_to(logical_id, policy)
    }
    assert attached == {f"{cluster}-{document}" for document in documents}
    assert "Policies" not in properties


def test_roles_that_the_vendor_makes_are_bounded_by_a_policy_that_is_attached_to_nobody(
    plane: Callable[[str], Raw],
) -> None:
    template = plane("platform")["Cluster"]
    [(boundary, policy)] = [
        (id, each)
        for id, each in template.of_type(MANAGED_POLICY)
        if each["ManagedPolicyName"] == f"cp-euc1-plat-{BOUNDARY}"
    ]

    wanted = {
        json.dumps(statement["Condition"]["StringEquals"]["iam:PermissionsBoundary"])
        for _, each in template.of_type(MANAGED_POLICY)
        for statement in each["PolicyDocument"]["Statement"]
        if "iam:PermissionsBoundary" in statement.get("Condition", {}).get("StringEquals", {})
    }
    assert wanted == {json.dumps({"Ref": boundary})}
    assert "Roles" not in policy


def test_the_platforms_role_trusts_the_control_plane_by_arn_and_external_id(plane: Callable[[str], Raw]) -> None:
    with_id = trust(plane("platform")["Data"], "cp-euc1-plat-platform-iam-role")
    without = trust(plane("platform-vendor")["Data"], "cp-euc1-vend-platform-iam-role")

    principal = {"AWS": "arn:aws:iam::222233334444:role/platform/control-plane"}
    assert with_id["Principal"] == without["Principal"] == principal
    assert with_id["Condition"] == {"StringEquals": {"sts:ExternalId": "3f9d1c84-agreed-with-the-platform"}}
    assert "Condition" not in without


def test_a_missing_external_id_is_acknowledged_with_the_operators_reason(
    text: Callable[[str], str], synthesize: Callable[..., Path]
) -> None:
    assembly = synthesize(text("platform-vendor"))

    report = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]
    [reason] = [
        each["reason"]
        for plugin in report
        for each in plugin["suppressedViolations"]
        if "ComputePlane-IAM7[" in each["acknowledgedId"]
    ]
    assert reason == (
        "The operator accepts it: The platform's control plane sends no external ID; its role is named by ARN."
    )


def test_the_platforms_role_uses_the_artifact_bucket_and_its_key_through_s3_only(plane: Callable[[str], Raw]) -> None:
    template = plane("platform")["Data"]
    [(bucket, _)] = template.of_type("AWS::S3::Bucket")
    policies = inline(template, "cp-euc1-plat-platform-iam-role")

    assert set(policies) == {"platform", "platform-s3"}
    assert {flatten(statement["Resource"]) for statement in policies["platform-s3"]} == {
        f"<{bucket}.Arn>",
        f"<{bucket}.Arn>/*",
    }
    [key] = [statement for statement in policies["platform"] if "kms:Decrypt" in statement["Action"]]
    via = key["Condition"]["StringEquals"]["kms:ViaService"]
    assert flatten(via) == "s3.<AWS::Region>.<AWS::URLSuffix>"
    assert set(inline(plane("platform-vendor")["Data"], "cp-euc1-vend-platform-iam-role")) == {
        "platform",
        "platform-s3-vendor",
    }


def test_the_policies_of_the_longest_name_fit_iams_limits(
    configuration: Raw, templates: Callable[..., dict[str, Template]]
) -> None:
    vendor = {"cross_account": {"account": "444455556666", "external_id": "agreed"}}

    # A policy over its limit is a finding, which fails the synthesis.
    template = templates(configuration | {"name": "c" * 21, "iam": vendor})["Cluster"]

    assert len(list(template.of_type(MANAGED_POLICY))) == len(TIGHTENED) + 1


def test_what_the_visitors_have_to_be_told_is_put_out(plane: Callable[[str], Raw]) -> None:
    outputs = {name for stack in plane("platform").values() for name in stack.outputs}

    assert {"CrossAccountRoleArn", "CrossAccountBoundaryArn", "PlatformRoleArn", "DataReaderRoleArn"} <= outputs


def test_a_plane_without_visitors_makes_no_role_for_them(
    configuration: Raw, templates: Callable[..., dict[str, Template]]
) -> None:
    names = {
        flatten(properties.get("RoleName"))
        for template in templates(configuration).values()
        for _, properties in template.of_type(ROLE)
    }

    assert "test-cluster" in names
    assert not names & {"SpectroCloudRole", "test-platform-iam-role", "test-dal"}
