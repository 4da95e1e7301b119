"""Rows become the requests that they describe."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import evaluate
from compute_plane.simulation.suite import Suite

Raw = dict[str, Any]
MakeSuite = Callable[..., Suite]
TERMINATE: Raw = {"does": "ec2:TerminateInstances", "on": "instance", "is": "allowed"}


def rows_of(suite: Suite) -> list[Case]:
    """Without the attacks on the trust, which every table has."""
    return [case for case in suite.cases["reader"] if not case.request.action.startswith("sts:")]


def only(suite: Suite) -> Case:
    [case] = rows_of(suite)
    return case


def test_a_list_stands_for_one_case_each(suite: MakeSuite) -> None:
    made = suite(
        TERMINATE | {"does": ["ec2:StopInstances", "ec2:TerminateInstances"], "of": ["nobody", "another account"]}
    )

    assert len(rows_of(made)) == 4
    assert {(case.request.action, case.attack) for case in rows_of(made)} == {
        ("ec2:StopInstances", "untagged"),
        ("ec2:StopInstances", "foreign"),
        ("ec2:TerminateInstances", "untagged"),
        ("ec2:TerminateInstances", "foreign"),
    }


@pytest.mark.parametrize(
    ("thing", "whose", "arn", "keys"),
    [
        ("instance", "this cluster", "ec2:eu-central-1:111122223333:instance/i-1", {"aws:ResourceTag/owner": "blue"}),
        (
            "instance",
            "another cluster",
            "ec2:eu-central-1:111122223333:instance/i-1",
            {"aws:ResourceTag/owner": "payments-west"},
        ),
        ("instance", "nobody", "ec2:eu-central-1:111122223333:instance/i-1", {"aws:ResourceTag/owner": None}),
        (
            "instance",
            "another account",
            "ec2:eu-central-1:888899990000:instance/i-1",
            {"aws:ResourceTag/owner": "blue"},
        ),
        (
            "instance",
            "another region",
            "ec2:ap-southeast-2:111122223333:instance/i-1",
            {"aws:RequestedRegion": "ap-southeast-2"},
        ),
        ("snapshot", "another account", "ec2:eu-central-1::snapshot/snap-1", {"aws:ResourceTag/owner": None}),
        ("queue", "another cluster", "sqs:eu-central-1:111122223333:payments-west-jobs", {}),
        ("queue", "nobody", "sqs:eu-central-1:111122223333:bookkeeping-jobs", {}),
    ],
)
def test_of_says_whose_a_thing_is(thing: str, whose: str, arn: str, keys: Raw, suite: MakeSuite) -> None:
    action = {"instance": "ec2:TerminateInstances", "snapshot": "ec2:DeleteSnapshot", "queue": "sqs:DeleteQueue"}[thing]

    case = only(suite({"does": action, "on": thing, "of": whose, "is": "denied"}))

    assert case.request.resource == f"arn:aws:{arn}"
    assert {key: case.request.context.get(key) for key in keys} == keys


@pytest.mark.parametrize("whose", ["another cluster", "nobody", "another VPC"])
def test_a_thing_that_names_no_cluster_lies_in_another_vpc(whose: str, suite: MakeSuite) -> None:
    row = {"does": "ec2:RunInstances", "on": "subnet", "is": "denied"}

    ours, theirs = only(suite(row)), only(suite(row | {"of": whose}))

    assert str(ours.request.context["ec2:Vpc"]).startswith("arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-")
    assert ours.request.context["ec2:Vpc"] != theirs.request.context["ec2:Vpc"]
    assert ours.request.resource == theirs.request.resource


def test_the_tags_of_what_is_made_are_those_of_the_request(suite: MakeSuite) -> None:
    case = only(suite({"does": "ec2:RunInstances", "makes": "instance", "is": "denied"}))

    assert case.request.context["aws:RequestTag/owner"] == "blue"
    assert case.request.context["aws:TagKeys"] == ["owner", "pool"]
    assert not [key for key in case.request.context if "ResourceTag" in key]


def test_tags_that_a_row_sets_and_removes_are_in_the_request(suite: MakeSuite) -> None:
    row = {
        "does": "ec2:CreateTags",
        "on": "instance",
        "tagging": {"team": "CLUSTER"},
        "untagging": ["OTHER"],
        "is": "denied",
    }

    context = only(suite(row)).request.context

    assert context["aws:RequestTag/team"] == "blue"
    assert context["aws:TagKeys"] == ["team", "payments-west"]
    assert context["ec2:ResourceTag/pool"] == "default"


def test_a_key_that_the_action_does_not_know_does_not_reach_the_policy(suite: MakeSuite) -> None:
    context = only(
        suite({"does": "sqs:DeleteQueue", "on": "queue", "tagging": {"a": "b"}, "is": "denied"})
    ).request.context

    assert "aws:RequestedRegion" in context
    assert not [key for key in context if "RequestTag" in key or key == "aws:TagKeys"]


def test_another_account_lets_us_do_everything(suite: MakeSuite) -> None:
    case = only(suite(TERMINATE | {"of": "another account"}))

    assert case.policies.resource is not None
    assert not evaluate(case.request, case.policies).allowed
    elsewhere = {"does": "sqs:ReceiveMessage", "on": "arn:aws:sqs:REGION:OTHER_ACCOUNT:x", "is": "denied"}
    assert only(suite(elsewhere)).request.account == "111122223333"


def test_an_option_that_is_off_must_allow_nothing(suite: MakeSuite) -> None:
    on, off = suite(options={"reader": [TERMINATE]}), suite(options={"reader-extra": [TERMINATE]})

    assert only(on).expected == "allowed"
    assert only(off).expected == "denied"


def test_a_policy_of_aws_can_be_stated(suite: MakeSuite) -> None:
    row = {"does": "ssm:GetParameter", "on": "arn:aws:ssm:REGION:ACCOUNT:parameter/x", "is": "allowed"}

    assert not evaluate((case := only(suite(row))).request, case.policies).allowed
    assert evaluate((case := only(suite(row, beside={"Aws": ["ssm:GetParameter"]}))).request, case.policies).allowed


def test_rows_about_a_resource_say_who_acts(suite: MakeSuite) -> None:
    row = {"does": "sqs:SendMessage", "on": "queue", "is": "denied"}
    made = suite(
        row
        | {
            "by": [
                "CLUSTER-reader",
                "events.amazonaws.com",
                "arn:aws:iam::ACCOUNT:role/x",
                "arn:aws:iam::OTHER_ACCOUNT:role/x",
            ]
        },
        row | {"by": "arn:aws:iam::ACCOUNT:role/y", "with_rights": True},
        policy_of="queue",
    )

    assert [case.request.principal for case in rows_of(made)][0] == "arn:aws:iam::111122223333:role/blue-reader"
    assert [len(case.policies.identity) for case in rows_of(made)] == [1, 0, 0, 1, 1]
    assert all(case.policies.resource for case in rows_of(made))


def test_a_table_about_what_a_plane_does_not_have_has_no_cases(suite: MakeSuite) -> None:
    assert suite(TERMINATE, role="CLUSTER-writer").cases == {}
    assert suite(policy_of="file system").cases == {}
    assert suite(TERMINATE, needs="reader-vendor").cases == {}
    assert suite(TERMINATE, needs="reader").cases != {}
