"""The rule packs hold the shipped environments: no finding is open, none is excused for nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2

from compute_plane.checks import unused_acknowledgements
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template

Raw = dict[str, Any]
Synthesize = Callable[..., Path]


@pytest.fixture(scope="session")
def environments(root: Path) -> list[str]:
    """Every shipped environment."""
    return sorted(file.stem for file in (root / "config").glob("*.yaml"))


def plugins(assembly: Path) -> list[Raw]:
    return json.loads((assembly / "validation-report.json").read_text())["pluginReports"]


def test_no_finding_of_a_shipped_environment_is_open(environments: list[str], synthesize: Synthesize) -> None:
    assert len(environments) > 1
    for environment in environments:
        reports = plugins(synthesize(environment))
        assert {report["conclusion"] for report in reports} == {"success"}
        assert [violation["ruleName"] for report in reports for violation in report["violations"]] == []
        assert any(report["suppressedViolations"] for report in reports)


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_known_account_opens_no_finding(environment: str, synthesize: Synthesize) -> None:
    assembly = synthesize(environment, account="111122223333")

    assert {report["conclusion"] for report in plugins(assembly)} == {"success"}


def test_every_acknowledgement_is_used_by_some_shipped_environment(
    environments: list[str], synthesize: Synthesize
) -> None:
    assemblies = [synthesize(environment) for environment in environments]

    unused = {found for assembly in assemblies for found in unused_acknowledgements(assembly)}
    used = {
        f"{suppressed['acknowledgedAt']}: {suppressed['acknowledgedId']}"
        for assembly in assemblies
        for report in plugins(assembly)
        for suppressed in report.get("suppressedViolations", [])
    }
    assert len(used) > 20
    assert unused - used == set()


def test_every_acknowledgement_has_a_reason_that_says_something(synthesize: Synthesize) -> None:
    suppressed = [each for report in plugins(synthesize("dev")) for each in report.get("suppressedViolations", [])]

    assert suppressed
    assert all(len(each["reason"]) > 40 for each in suppressed)


def test_a_launch_template_that_an_escape_hatch_opens_fails_the_synthesis(
    application: Callable[..., App], configuration: Raw, tmp_path: Path
) -> None:
    app = application(configuration, tmp_path)
    cluster = app.node.find_child("Cluster")
    [template] = [each for each in cluster.node.find_all() if isinstance(each, ec2.CfnLaunchTemplate)]
    template.add_property_override("LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 2)

    with pytest.raises(RuntimeError, match=r"Pods cannot take the node's role"):
        app.synth()

    found = {violation["ruleName"] for report in plugins(tmp_path) for violation in report["violations"]}
    assert found == {"ComputePlane-IAM28[HttpPutResponseHopLimit::2]"}


def test_an_open_security_group_fails_the_synthesis_of_cdk_nags_pack(
    application: Callable[..., App], configuration: Raw, tmp_path: Path
) -> None:
    app = application(configuration, tmp_path)
    network = app.node.find_child("Network")
    assert isinstance(network, Stack)
    rule = ec2.CfnSecurityGroup.IngressProperty(ip_protocol="tcp", cidr_ip="0.0.0.0/0", from_port=22, to_port=22)
    ec2.CfnSecurityGroup(network, "Open", group_description="Open", security_group_ingress=[rule])

    with pytest.raises(RuntimeError, match="AwsSolutions-EC23"):
        app.synth()


def test_a_rule_that_breaks_fails_the_synthesis(
    application: Callable[..., App], configuration: Raw, tmp_path: Path
) -> None:
    def broken(template: Template) -> list[Finding]:
        raise LookupError("no such thing")

    rule = Rule(id="X1", title="Broken", why="A test", fix="None", check=broken)

    with pytest.raises(RuntimeError, match="The rule broke, so nothing is known: LookupError: no such thing"):
        application(configuration, tmp_path, rules=[rule]).synth()
