"""No policy document grants what can never apply, or `*` where the action has a resource level."""

from pathlib import Path

import pytest

from compute_plane.checks.registry import all_rules
from compute_plane.checks.template import Template
from compute_plane.simulation.evaluator import Policy
from compute_plane.simulation.suite import Suite

# IAM2: no avoidable star. IAM3: no dead grant.
LINTS = [rule for rule in all_rules() if rule.id in ("IAM2", "IAM3")]
VENDOR = "-vendor"
"""Documents that hold a vendor's own grants to the letter; each finding is acknowledged where they are used."""


@pytest.fixture(scope="module")
def documents(suites: dict[str, Suite]) -> dict[str, Policy]:
    """Every document of every role, with its placeholders filled in, by the name of its file."""
    return {
        held.name: held.document for suite in suites.values() for role in suite.plane.roles for held in role.policies
    }


def lint(document: Policy) -> set[str]:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    template = Template({"Resources": {"Policy": policy}})
    return {f"{rule.id}[{finding.detail}]" for rule in LINTS for finding in rule.check(template)}


def test_no_policy_has_a_dead_grant_or_an_avoidable_star(documents: dict[str, Policy]) -> None:
    found = {name: lint(document) for name, document in documents.items() if VENDOR not in name}

    assert len(LINTS) == 2
    assert len(found) > 10
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_the_lints_find_what_vendors_ask_for(documents: dict[str, Policy]) -> None:
    found = {name: lint(document) for name, document in documents.items() if VENDOR in name}

    assert any("IAM2" in finding for findings in found.values() for finding in findings)
    assert any("IAM3" in finding for findings in found.values() for finding in findings)


def test_every_document_of_a_role_is_held_by_some_role(documents: dict[str, Policy], root: Path) -> None:
    files = {file.stem for file in (root / "constructs/compute_plane/iam/policies").glob("*.json")}
    # Of trusts and of resources, which have no names in templates; a boundary; one that is printed for others.
    others = {name for name in files if name.startswith("trust-")} | {
        "data-reader-bucket",
        "file-system",
        "karpenter-queue",
        "logs-key",
        "spectro-boundary",
    }

    assert files - others - set(documents) == set()
