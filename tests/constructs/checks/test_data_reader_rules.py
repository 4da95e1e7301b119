"""IAM22, firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.data_reader import data_reader
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

OURS = PlaneFacts(cluster_name="cp", data_reader_role="cp-dal", data_buckets=("studies",))
BUCKET = "arn:aws:s3:::studies"
OBJECTS = f"{BUCKET}/*"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1"
TRUST = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def reader(
    action: Any, resource: Any, *, name: str = "cp-dal", facts: PlaneFacts = OURS, managed: Any = ()
) -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    properties = {
        "RoleName": name,
        "AssumeRolePolicyDocument": {"Statement": [TRUST]},
        "Policies": [{"PolicyName": "data-reader", "PolicyDocument": {"Statement": [statement]}}],
        "ManagedPolicyArns": list(managed),
    }
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Role", "Properties": properties}}}, facts)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (reader("s3:ListBucket", BUCKET), []),
        (reader("s3:GetObject", OBJECTS), []),
        (reader("kms:Decrypt", KEY), []),
        (reader("s3:PutObject", OBJECTS, name="cp-other"), []),
        (reader("s3:ListBucket", "arn:aws:s3:::any", facts=PlaneFacts()), []),
        (reader("s3:PutObject", OBJECTS), ["Action::s3:PutObject"]),
        (reader("s3:Get*", OBJECTS), ["Action::s3:Get*"]),
        (reader("s3:GetObject", BUCKET), [f"s3:GetObject::{BUCKET}"]),
        (reader("s3:ListBucket", OBJECTS), [f"s3:ListBucket::{OBJECTS}"]),
        (reader("s3:ListBucket", "arn:aws:s3:::studies-2"), ["s3:ListBucket::arn:aws:s3:::studies-2"]),
        (reader("s3:GetObject", "arn:aws:s3:::*/*"), ["s3:GetObject::arn:aws:s3:::*/*"]),
        (reader("s3:ListBucket", "arn:aws:s3:::any*", facts=PlaneFacts()), ["s3:ListBucket::arn:aws:s3:::any*"]),
        (reader("kms:Decrypt", KEY, managed=["arn:x"]), ["Policy::arn:x"]),
    ],
)
def test_iam22_keeps_the_reader_to_the_configured_buckets(template: Template, expected: list[str]) -> None:
    assert details(data_reader(template)) == expected


def printed(principal: Any, action: Any = "s3:ListBucket", effect: str = "Allow") -> Template:
    """An output as CDK writes it, with a reference to the role where the text says ROLE."""
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": BUCKET}
    before, *after = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).split("ROLE")
    pieces = [before, *({"Fn::GetAtt": ["Role", "Arn"]} for _ in after), *after]
    return Template({"Outputs": {"It": {"Value": {"Fn::Join": ["", pieces]}}}}, OURS)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (printed({"AWS": "ROLE"}), []),
        (printed({"AWS": "arn:aws:iam::111122223333:role/cp-dal"}), []),
        (printed("*", effect="Deny"), []),
        (printed({"AWS": "arn:aws:iam::111122223333:root"}), ["Principal::arn:aws:iam::111122223333:root"]),
        (printed("*"), ["Principal::*"]),
        (printed({"AWS": "ROLE"}, "s3:PutObject"), ["Action::s3:PutObject"]),
    ],
)
def test_iam22_holds_the_printed_policy_to_the_same(template: Template, expected: list[str]) -> None:
    assert details(data_reader(template)) == expected


def test_iam22_reports_a_printed_policy_that_it_cannot_read() -> None:
    outputs = {"It": {"Value": '{"Statement": ['}, "Other": {"Value": "a bucket"}}

    assert details(data_reader(Template({"Outputs": outputs}, OURS))) == ["Unreadable"]
