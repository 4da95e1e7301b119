"""What a reader of a finding is told: how grave it is, in which file and statement it stands, what to do."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Acknowledgment, App, CfnOutput, Stack, Validations
from aws_cdk import aws_iam as iam

from compute_plane.checks import ComputePlaneChecks, PlaneFacts
from compute_plane.checks.places import place
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import NO_FACTS, Template

KARPENTER = "TerminateOwnInstances"


def synthesize(folder: Path, stack: Stack, facts: PlaneFacts = NO_FACTS) -> list[dict[str, Any]]:
    """The violations of the pack, whether they stop the synthesis or not."""
    app = stack.node.root
    assert isinstance(app, App)
    Validations.of(app).add_plugins(ComputePlaneChecks(app, facts=facts))
    app.synth()
    reports = json.loads((folder / "validation-report.json").read_text())["pluginReports"]
    return [violation for report in reports for violation in report["violations"]]


def new_stack(folder: Path, *, failing: bool) -> Stack:
    context = {"@aws-cdk/core:failSynthOnValidationErrors": failing}
    return Stack(App(outdir=str(folder), builtin_cloud_formation_validation=False, context=context), "Stack")


def role(stack: Stack, *, name: str | None = None, action: str = "s3:ListBucket", sid: str = "ListIt") -> iam.CfnRole:
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    statement = {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::bucket"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return iam.CfnRole(
        stack,
        "Role",
        role_name=name,
        assume_role_policy_document={"Version": "2012-10-17", "Statement": [trusted]},
        policies=[iam.CfnRole.PolicyProperty(policy_name="karpenter", policy_document=document)],
    )


def test_a_warning_is_reported_and_does_not_stop_the_synthesis(tmp_path: Path) -> None:
    stack = new_stack(tmp_path, failing=True)
    role(stack, name="someone-elses")

    found = synthesize(tmp_path, stack, PlaneFacts(cluster_name="cp"))

    assert [(each["ruleName"], each["severity"]) for each in found] == [
        ("ComputePlane-IAM29[RoleName::someone-elses]", "warning")
    ]


def test_an_action_that_does_not_exist_cannot_be_acknowledged(tmp_path: Path) -> None:
    stack = new_stack(tmp_path, failing=True)
    id = "ComputePlane::ComputePlane-IAM4[Action::s3:ListBuket]"
    Validations.of(role(stack, action="s3:ListBuket")).acknowledge(Acknowledgment(id=id, reason="A test asks for it."))

    with pytest.raises(RuntimeError, match=r"(?s)Actions and AWS managed policies exist, but: Action::s3:ListBuket"):
        synthesize(tmp_path, stack)


def test_a_finding_names_the_document_and_the_statement(tmp_path: Path) -> None:
    stack = new_stack(tmp_path, failing=False)
    role(stack, action="s3:*", sid=KARPENTER)

    [violation] = [each for each in synthesize(tmp_path, stack) if each["ruleName"].startswith("ComputePlane-IAM1[")]

    assert f"In karpenter.json: {KARPENTER}. 000: " in violation["description"]
    assert violation["suggestedFix"].startswith("List the actions.")


def test_a_policy_over_its_limit_names_the_document_of_its_longest_statement(tmp_path: Path) -> None:
    stack = new_stack(tmp_path, failing=False)
    statements = [
        {"Sid": sid, "Effect": "Deny", "Action": "s3:ListBucket", "Resource": "x" * length}
        for sid, length in (("Short", 10), (KARPENTER, 6200))
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    iam.CfnManagedPolicy(stack, "Policy", policy_document=document)

    [violation] = [each for each in synthesize(tmp_path, stack) if each["ruleName"].startswith("ComputePlane-IAM24[")]

    assert f"In karpenter.json: {KARPENTER}." in violation["description"]


def test_a_finding_about_an_output_is_reported(tmp_path: Path) -> None:
    stack = new_stack(tmp_path, failing=True)
    CfnOutput(stack, "Printed", value='{"Statement": [')

    with pytest.raises(RuntimeError, match="The data reader reads the configured buckets, but: Unreadable"):
        synthesize(tmp_path, stack)


@pytest.mark.parametrize(
    ("policy", "sid", "expected"),
    [
        ({"PolicyName": "efs-csi"}, "DescribeAvailabilityZones", "efs-csi.json: DescribeAvailabilityZones"),
        ({"ManagedPolicyName": "cp-karpenter"}, KARPENTER, f"karpenter.json: {KARPENTER}"),
        ({}, "DescribeAvailabilityZones", "efs-csi-node.json or efs-csi.json: DescribeAvailabilityZones"),
        ({}, "OfNoDocument", "the statement: OfNoDocument"),
        ({}, "", ""),
    ],
)
def test_a_sid_of_several_documents_is_told_apart_by_the_policys_name(
    policy: dict[str, str], sid: str, expected: str
) -> None:
    template = Template({"Resources": {"It": {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy}}})

    assert place(template, Finding("It", "detail", sid=sid)) == expected
