"""What a reader is told about a policy document that is wrong: the file, the Sid, and what is allowed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.iam.documents import documents_with, load
from compute_plane.iam.placeholders import DocumentError

GOOD: dict[str, Any] = {"Sid": "ReadIt", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:b/*"}


@pytest.fixture
def error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """What loading `role.json` with this text is answered with; empty when it is accepted."""
    monkeypatch.setattr("compute_plane.iam.documents.POLICIES", tmp_path)

    def answer(text: str) -> str:
        (tmp_path / "role.json").write_text(text)
        try:
            load("role", values={})
        except DocumentError as error:
            return str(error)
        return ""

    return answer


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    "statement",
    [
        GOOD,
        GOOD | {"Action": ["s3:GetObject"], "Condition": {"StringEquals": {"aws:RequestedRegion": ["a", "b"]}}},
        GOOD | {"Condition": {"ForAllValues:StringNotEqualsIgnoreCase": {"aws:TagKeys": "a"}}},
        GOOD | {"Condition": {"ArnLikeIfExists": {"ec2:Vpc": "arn:a"}, "Null": {"aws:TagKeys": "false"}}},
        without("Action") | {"NotAction": "s3:PutObject", "Effect": "Deny"},
        without("Resource") | {"NotResource": "arn:b"},
        without("Resource") | {"Principal": {"Service": ["ec2.amazonaws.com"]}},
        without("Resource") | {"Principal": "*"},
    ],
)
def test_a_statement_that_iam_knows_is_accepted(statement: dict[str, Any], error: Callable[[str], str]) -> None:
    assert error(document(statement)) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Version": ', "role.json: no JSON: Expecting value at line 1, column 13"),
        ('{"Version": "2012-10-17",}', "role.json: no JSON: "),
        ("[]", "role.json: a policy document is a map of Version and Statement"),
        (document(GOOD, Statements=[]), "role.json: unknown Statements; allowed are Version, Statement"),
        (json.dumps({"Statement": [GOOD]}), "role.json: Version is '2012-10-17', not None"),
        (document(GOOD, Version="2008-10-17"), "role.json: Version is '2012-10-17', not '2008-10-17'"),
        (document(), "role.json: Statement is a list of one statement at least"),
        (json.dumps({"Version": "2012-10-17", "Statement": GOOD}), "role.json: Statement is a list of one"),
        (document("s3:GetObject"), "role.json: statement 1 is 's3:GetObject', not a map"),
        (
            '{"Version": "2012-10-17", "Statement": [{"Condition": {}, "Condition": {}}]}',
            "role.json: Condition stands twice in one map",
        ),
    ],
)
def test_a_document_that_is_none_is_refused_with_its_file(
    text: str, expected: str, error: Callable[[str], str]
) -> None:
    assert error(text).startswith(expected)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (without("Sid"), "role.json: the Sid of statement 1 is letters and digits, not None"),
        (GOOD | {"Sid": "Read-It"}, "role.json: the Sid of statement 1 is letters and digits, not 'Read-It'"),
        (without("Effect"), "role.json, Sid ReadIt: Effect is 'Allow' or 'Deny', not None"),
        (GOOD | {"Effect": "allow"}, "role.json, Sid ReadIt: Effect is 'Allow' or 'Deny', not 'allow'"),
        (without("Action"), "role.json, Sid ReadIt: needs Action (or NotAction), and not both"),
        (GOOD | {"NotAction": "s3:PutObject"}, "role.json, Sid ReadIt: needs Action (or NotAction), and not both"),
        (without("Resource"), "role.json, Sid ReadIt: needs Resource (or NotResource), and not both"),
        (GOOD | {"Actions": "s3:PutObject"}, "role.json, Sid ReadIt: unknown Actions; allowed are Sid, Effect,"),
        (
            GOOD | {"Condition": {"StringEqualz": {"aws:RequestedRegion": "a"}}},
            "role.json, Sid ReadIt: Condition has no operator 'StringEqualz'; IAM knows String[Not]Equals",
        ),
        (
            GOOD | {"Condition": {"ForEachValue:StringLike": {"aws:TagKeys": "a"}}},
            "role.json, Sid ReadIt: Condition has no operator 'ForEachValue:StringLike'; IAM knows",
        ),
        (GOOD | {"Action": []}, "role.json, Sid ReadIt: Action is text or a list of texts, not []"),
        (GOOD | {"Resource": [{"Ref": "X"}]}, "role.json, Sid ReadIt: Resource is text or a list of texts, not"),
        (GOOD | {"Principal": {"AWS": 1}}, "role.json, Sid ReadIt: Principal is text or a list of texts, not"),
        (GOOD | {"Condition": {}}, "role.json, Sid ReadIt: Condition is operator -> key -> text"),
        (GOOD | {"Condition": {"Bool": {}}}, "role.json, Sid ReadIt: Condition is operator -> key -> text"),
        (GOOD | {"Condition": {"Bool": {"a:b": True}}}, "role.json, Sid ReadIt: Condition is operator -> key -> text"),
        (GOOD | {"Resource": "arn:${Bucket}"}, "role.json, Sid ReadIt: no value for ${Bucket}; allowed are AWS::"),
    ],
)
def test_a_statement_that_iam_would_refuse_is_refused_with_its_file_and_sid(
    statement: dict[str, Any], expected: str, error: Callable[[str], str]
) -> None:
    assert error(document(statement)).startswith(expected)


def test_a_document_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compute_plane.iam.documents.POLICIES", tmp_path)
    (tmp_path / "role.json").write_bytes(b"\xff\xfe{}")

    with pytest.raises(DocumentError, match=r"role\.json: not UTF-8: .* at byte 0"):
        load("role", values={})


def test_a_sid_leads_to_the_documents_that_have_it() -> None:
    assert documents_with("TerminateOwnInstances") == ["karpenter"]
    assert set(documents_with("DescribeAvailabilityZones")) >= {"efs-csi", "efs-csi-node"}
    assert documents_with("NobodyHasThis") == []
