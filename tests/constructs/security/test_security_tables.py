"""The tables of docs/security.md say what documents, templates and reports say."""

import json
from pathlib import Path
from typing import Any

import pytest

from compute_plane.iam.documents import POLICIES
from compute_plane.markdown import table
from compute_plane.security.acknowledgements import Acknowledgement, acknowledgements_of
from compute_plane.security.roles import Role, roles_of
from compute_plane.security.statements import figures, statement_tables


def assembly(folder: Path, **resources: dict[str, Any]) -> Path:
    (folder / "Cluster.template.json").write_text(json.dumps({"Resources": resources}))
    return folder


def test_a_cell_cannot_break_its_table() -> None:
    written = table(("What", "Where"), [("ec2:*", "a|b"), ("<AWS::Region>", "one\ntwo")])

    assert written.splitlines()[2:] == [r"| ec2:\* | a\|b |", "| &lt;AWS::Region> | one<br>two |"]


def test_every_document_and_every_statement_has_its_row() -> None:
    documents = {file.stem: json.loads(file.read_text())["Statement"] for file in POLICIES.glob("*.json")}

    tables = {text.splitlines()[0].removeprefix("### "): text for text in statement_tables()}

    assert set(tables) == set(documents)
    for name, statements in documents.items():
        rows = [line.split(" | ")[0].removeprefix("| ") for line in tables[name].splitlines()[4:] if line]
        assert rows == [statement["Sid"] for statement in statements]


def test_a_row_says_what_is_allowed_on_what_and_when() -> None:
    text = next(text for text in statement_tables() if text.startswith("### karpenter\n"))

    row = next(line for line in text.splitlines() if line.startswith("| TerminateOwnInstances "))

    assert "| ec2:TerminateInstances | ec2:instance/\\* |" in row
    assert "StringEquals aws:ResourceTag/kubernetes.io/cluster/${ClusterName}: owned" in row
    assert "Only instances that carry the ownership tag of this cluster." in row


def test_only_actions_without_a_resource_level_stand_on_any_resource() -> None:
    found = figures()

    assert found.allowing > 50
    assert 0 < found.anywhere < found.allowing / 4
    assert found.actions > 20
    assert found.avoidable == ()


def test_a_role_is_listed_with_its_trust_and_all_its_policies(tmp_path: Path) -> None:
    trust = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "aws:RequestTag/kubernetes-namespace": "kube-system",
                    "aws:RequestTag/kubernetes-service-account": "karpenter",
                }
            },
        }
    }
    role = {
        "RoleName": "blue-karpenter",
        "AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": "karpenter", "PolicyDocument": trust}],
    }
    attached = {"Roles": [{"Ref": "Role"}], "ManagedPolicyName": "blue-more", "PolicyDocument": trust}
    folder = assembly(
        tmp_path,
        Role={"Type": "AWS::IAM::Role", "Properties": role},
        More={"Type": "AWS::IAM::ManagedPolicy", "Properties": attached},
        Other={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
    )

    roles = list(roles_of(folder, "blue"))

    trusted = "pods.eks.amazonaws.com for kube-system/karpenter"
    assert roles == [
        Role("<cluster>-karpenter", "Cluster", trusted, "karpenter\n<cluster>-more"),
        Role("(generated) Other", "Cluster", trusted, ""),
    ]


@pytest.mark.parametrize(
    ("principal", "tests", "said"),
    [
        ({"AWS": "arn:aws:iam::1:root"}, {"sts:ExternalId": "x1"}, "AWS arn:aws:iam::1:root with an external ID"),
        ({"AWS": "arn:aws:iam::1:root"}, {}, "AWS arn:aws:iam::1:root without an external ID"),
        (
            {"Federated": "arn:aws:iam::1:oidc-provider/i"},
            {"i:aud": "sts.amazonaws.com", "i:sub": "system:serviceaccount:dns:external-dns"},
            "Federated arn:aws:iam::1:oidc-provider/i for dns/external-dns",
        ),
        ({"Service": "ec2.amazonaws.com"}, {}, "ec2.amazonaws.com"),
    ],
)
def test_whom_a_role_trusts_is_said_with_its_terms(
    principal: dict[str, str], tests: dict[str, str], said: str, tmp_path: Path
) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    statement |= {"Condition": {"StringEquals": tests}} if tests else {}
    role = {"RoleName": "r", "AssumeRolePolicyDocument": {"Statement": [statement]}}
    folder = assembly(tmp_path, Role={"Type": "AWS::IAM::Role", "Properties": role})

    [found] = roles_of(folder, "blue")

    assert found.assumed_by == said


def test_acknowledgements_of_one_reason_stand_together(tmp_path: Path) -> None:
    def suppressed(detail: str, reason: str) -> dict[str, Any]:
        return {
            "acknowledgedId": f"AwsSolutions::AwsSolutions-IAM5[{detail}]",
            "reason": reason,
            "violatingConstructs": [{"constructPath": "Addons/Role"}],
        }

    report = {
        "pluginReports": [
            {"suppressedViolations": [suppressed("Resource::*", "Reads."), suppressed("Action::a:*", "Other.")]},
            {"suppressedViolations": [suppressed("Resource::b[*]", "Reads.")]},
            {"violations": []},
        ]
    }
    (tmp_path / "validation-report.json").write_text(json.dumps(report))

    found = list(acknowledgements_of(tmp_path))

    assert found == [
        Acknowledgement("Addons/Role", "AwsSolutions-IAM5", "Resource::*\nResource::b[*]", "Reads."),
        Acknowledgement("Addons/Role", "AwsSolutions-IAM5", "Action::a:*", "Other."),
    ]
