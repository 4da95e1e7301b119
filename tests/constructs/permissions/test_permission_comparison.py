"""What existing policies lack: actions, resources, conditions, and why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.errors import UserError
from compute_plane.permissions.assembly import ACCOUNT, Place
from compute_plane.permissions.comparison import lacking
from compute_plane.permissions.granted import read_grants
from compute_plane.permissions.need import Need, Source, condition_of
from compute_plane.permissions.plan import Plan

Raw = dict[str, Any]
PLACE = Place("111122223333", "eu-central-1")
SOURCE = frozenset({Source("AWS::IAM::Role", "ours-cluster")})
ROLE = "arn:aws:iam::111122223333:role/ours-*"
NEED = Need("iam:CreateRole", ROLE)


@pytest.fixture
def reasons(tmp_path: Path) -> Callable[..., list[str]]:
    """Why one need is not met by a policy of these statements."""

    def compare(*statements: Raw, need: Need = NEED, place: Place = PLACE) -> list[str]:
        file = tmp_path / "policy.json"
        file.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
        found = lacking({need: SOURCE}, read_grants([file], place), place)
        return [lack.reason.replace(str(file), "policy") for lack in found]

    return compare


def allow(**fields: Any) -> Raw:
    return {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": ROLE} | fields


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        allow(Action=["IAM:create*"], Resource="*"),
        allow(Resource=["arn:aws:iam::*:role/*"]),
        {"Effect": "Allow", "NotAction": "iam:DeleteRole", "NotResource": "arn:aws:iam::111122223333:user/*"},
        allow(Condition={"StringEquals": {"aws:RequestedRegion": ["eu-central-1", "us-east-1"]}}),
    ],
)
def test_nothing_is_missing_where_a_statement_covers_it(statement: Raw, reasons: Callable[..., list[str]]) -> None:
    assert reasons(statement) == []


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([], "not granted"),
        ([allow(Action="iam:DeleteRole")], "not granted"),
        ([allow(Resource="arn:aws:iam::111122223333:role/ours-network-*")], "granted on other resources"),
        (
            [allow(Condition={"StringEquals": {"iam:PermissionsBoundary": "x"}})],
            "granted under other conditions: iam:PermissionsBoundary",
        ),
        (
            [allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})],
            "granted under other conditions: aws:RequestedRegion",
        ),
        (
            [allow(Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})],
            "granted under other conditions: aws:RequestedRegion",
        ),
        ([allow(), allow(Effect="Deny", Sid="NoRoles", Resource="*")], "denied by policy: NoRoles"),
        (
            [allow(), allow(Effect="Deny", Sid="Mfa", Condition={"Bool": {"aws:Mfa": "false"}})],
            "denied by policy: Mfa, if aws:Mfa",
        ),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "not granted"),
    ],
)
def test_what_is_missing_comes_with_the_reason(
    statements: list[Raw], reason: str, reasons: Callable[..., list[str]]
) -> None:
    assert reasons(*statements) == [reason]


def test_a_condition_that_the_need_has_too_is_met(reasons: Callable[..., list[str]]) -> None:
    passed = condition_of({"StringEquals": {"iam:PassedToService": "eks.amazonaws.com"}})
    need = Need("iam:PassRole", ROLE, passed)

    assert (
        reasons(allow(Action="iam:PassRole", Condition={"StringLike": {"iam:PassedToService": "eks*"}}), need=need)
        == []
    )


def test_any_account_is_compared_where_none_is_known(reasons: Callable[..., list[str]]) -> None:
    need = Need("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/ours-x")

    assert reasons(allow(), need=need, place=Place(ACCOUNT, "eu-central-1")) == []
    assert reasons(allow(), need=need) == ["granted on other resources"]


@pytest.mark.parametrize(
    "printed",
    [
        {"PolicyVersion": {"Document": {"Statement": allow()}, "VersionId": "v1"}},
        {"RoleName": "x", "PolicyDocument": {"Statement": [allow()]}},
        [{"Statement": [allow()]}],
    ],
)
def test_policies_are_read_as_the_aws_cli_prints_them(printed: Any, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(printed))

    assert lacking({NEED: SOURCE}, read_grants([file], PLACE), PLACE) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is no JSON"),
        ('{"Roles": []}', "expected an IAM policy document, with a Statement"),
        ('{"Statement": [1]}', "statement 1: expected an object"),
        ('{"Statement": {"Sid": "A", "Effect": "Maybe"}}', "A: expected Effect Allow or Deny"),
    ],
)
def test_a_file_that_is_no_policy_is_named_with_what_is_wrong(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    if text is not None:
        file.write_text(text)

    with pytest.raises(UserError, match=message) as caught:
        read_grants([file], PLACE)

    assert str(caught.value).startswith(str(file))


def test_an_installers_policy_lacks_what_installers_forget(prod_plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "installer.json"
    wide = ["ec2:*", "eks:*", "elasticfilesystem:*", "kms:*", "sts:GetCallerIdentity", "iam:GetRole"]
    roles = ["arn:aws:iam::111122223333:role/cp-*", "arn:aws:iam::111122223333:role/initial-*"]
    names = ["arn:aws:events:*:*:rule/cp-*", "arn:aws:sqs:*:*:cp-*", "arn:aws:s3:::cp-*"]
    profiles = "arn:aws:iam::111122223333:instance-profile/*"
    statements = [
        {"Effect": "Allow", "Action": wide, "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:*", "Resource": [*roles, profiles]},
        {"Effect": "Allow", "Action": ["events:*", "sqs:*", "s3:*"], "Resource": names},
    ]
    file.write_text(json.dumps({"Statement": statements}))

    found = lacking(prod_plan.execution.needs, read_grants([file], PLACE), PLACE)

    services = {lack.need.action.partition(":")[0] for lack in found}
    assert services == {"cloudformation", "iam", "lambda", "logs", "rds", "s3", "secretsmanager", "ssm"}
    linked = [lack for lack in found if lack.need.action == "iam:CreateServiceLinkedRole"]
    assert any("eks-nodegroup.amazonaws.com" in lack.need.resource for lack in linked)
    assert {str(source) for lack in linked for source in lack.sources} >= {"EKS::Nodegroup (cp-euc1-prod-cluster)"}


def test_the_printed_policies_lack_nothing(environment_plan: Plan, tmp_path: Path) -> None:
    for part in environment_plan.parts("all"):
        files: list[Path] = []
        for name, document in part.documents.items():
            files.append(tmp_path / f"{name}.json")
            files[-1].write_text(json.dumps(document))

        assert part.needs
        assert lacking(part.needs, read_grants(files, PLACE), PLACE) == []
