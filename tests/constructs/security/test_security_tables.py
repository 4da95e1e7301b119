"""The tables of docs/security.md say what documents, templates and reports say."""

import json
from pathlib import Path
from typing import Any

from compute_plane.iam.documents import POLICIES
from compute_plane.markdown import table
from compute_plane.security.acknowledgements import Acknowledgement, acknowledgements_of
from compute_plane.security.roles import Role, roles_of
from compute_plane.security.statements import count, statement_tables


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


def test_statements_on_any_resource_are_counted_among_those_that_allow() -> None:
    allowing, anywhere = count()

    assert allowing > 50
    assert 0 < anywhere < allowing / 4


def test_a_role_is_listed_with_its_trust_and_all_its_policies(tmp_path: Path) -> None:
    trust = {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"aws:RequestTag/kubernetes-service-account": "karpenter"}},
        }
    }
    role = {"RoleName": "blue-karpenter", "AssumeRolePolicyDocument": trust, "Policies": [{"PolicyName": "karpenter"}]}
    attached = {"Roles": [{"Ref": "Role"}], "ManagedPolicyName": "blue-more", "PolicyDocument": trust}
    folder = assembly(
        tmp_path,
        Role={"Type": "AWS::IAM::Role", "Properties": role},
        More={"Type": "AWS::IAM::ManagedPolicy", "Properties": attached},
        Other={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
    )

    roles = list(roles_of(folder, "blue"))

    trusted = "pods.eks.amazonaws.com for karpenter"
    assert roles == [
        Role("<cluster>-karpenter", "Cluster", trusted, "karpenter\n<cluster>-more"),
        Role("(generated) Other", "Cluster", trusted, ""),
    ]


def test_acknowledgements_name_the_finding_the_construct_and_the_reason(tmp_path: Path) -> None:
    suppressed = {
        "acknowledgedId": "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
        "reason": "Describe actions have no resource level.",
        "violatingConstructs": [{"constructPath": "Addons/Role"}],
    }
    report = {"pluginReports": [{"suppressedViolations": [suppressed]}, {"violations": []}]}
    (tmp_path / "validation-report.json").write_text(json.dumps(report))

    found = list(acknowledgements_of(tmp_path))

    expected = Acknowledgement(
        "Addons/Role", "AwsSolutions-IAM5[Resource::*]", "Describe actions have no resource level."
    )
    assert found == [expected]
