"""A policy that no role has yet, a role that is made later, and an id that is part of an attribute."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import evaluate
from compute_plane.simulation.plane import Plane
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Id
from compute_plane.simulation.values import Values

Raw = dict[str, Any]
MakeSuite = Callable[..., Suite]
TERMINATE: Raw = {"does": "ec2:TerminateInstances", "on": "instance", "is": "allowed"}
ASSUME: Raw = {"does": "sts:AssumeRole", "is": "denied"}


def allows(case: Case) -> bool:
    return evaluate(case.request, case.policies).allowed


def test_a_policy_of_no_role_is_judged_as_the_only_policy_of_a_role(suite: MakeSuite) -> None:
    read = {"does": "sqs:ReceiveMessage", "on": "queue", "is": "denied"}

    made = suite(TERMINATE, TERMINATE | {"of": "nobody"}, read, policy="ceiling")

    assert [allows(case) for case in made.cases["reader"]] == [True, False, False]
    assert ("ceiling", "ceiling") in [(owner, held.name) for owner, held in made.documents()]


def test_a_policy_that_a_plane_does_not_have_has_no_cases(suite: MakeSuite) -> None:
    assert suite(TERMINATE, policy="floor").cases == {}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        # It is made later: it is taken to trust its account.
        ("arn:aws:iam::ACCOUNT:role/later", True),
        # It is the plane's, and trusts a service only.
        ("reader", False),
    ],
)
def test_the_trust_of_a_role_decides_who_assumes_it(role: str, allowed: bool, suite: MakeSuite) -> None:
    made = suite(ASSUME | {"on": role}, beside={"Aws": ["sts:AssumeRole"]})

    case = made.cases["reader"][0]

    assert case.request.principal.endswith(":role/blue-reader")
    assert allows(case) == allowed


def test_an_id_may_be_the_end_of_an_attribute(small_plane: Plane) -> None:
    queue = {"type": "AWS::SQS::Queue", "attribute": "Arn"}
    ids = {"QUEUE": queue, "QUEUE_NAME": queue | {"after": "111122223333:"}, "VPC": {"type": "AWS::EC2::VPC"}}

    values = Values(small_plane, {name: Id.model_validate(each) for name, each in ids.items()})

    assert values.ours["QUEUE"] == "arn:aws:sqs:eu-central-1:111122223333:blue-jobs"
    assert values.ours["QUEUE_NAME"] == "blue-jobs"
