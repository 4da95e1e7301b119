"""The reasons on record, and the findings they answer."""

import json

from compute_plane.iam.documents import POLICIES
from compute_plane.iam.findings import acknowledge_wildcards, read_reasons, wildcard_findings


def test_a_statement_without_a_reason_keeps_the_finding_it_shares() -> None:
    document = {
        "Statement": [
            {
                "Sid": "Reasoned",
                "Effect": "Allow",
                "Action": "ec2:DescribeVpcs",
                "Resource": ["*", "arn:x/*"],
            },
            {"Sid": "Bare", "Effect": "Allow", "Action": "ec2:DescribeTags", "Resource": "*"},
        ]
    }

    acknowledged = acknowledge_wildcards({"role": document}, {"role": {"Reasoned": "Because."}})

    assert [(one.id, one.reason) for one in acknowledged] == [
        ("AwsSolutions::AwsSolutions-IAM5[Resource::arn:x/*]", "Reasoned: Because.")
    ]


def test_every_reason_stands_for_a_statement_that_has_a_finding() -> None:
    for name, reasons in read_reasons()["statements"].items():
        statements = json.loads((POLICIES / f"{name}.json").read_text())["Statement"]

        found = {statement["Sid"] for statement in statements if wildcard_findings(statement)}

        assert set(reasons) == found, name
