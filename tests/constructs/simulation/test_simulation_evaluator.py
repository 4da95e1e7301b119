"""Policies of every kind are joined as IAM joins them."""

from dataclasses import replace
from typing import Any

import pytest

from compute_plane.simulation.evaluator import Decision, Policies, Request, evaluate
from compute_plane.simulation.patterns import SimulationError

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
QUEUE = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:jobs"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
FOREIGN = "arn:aws:iam::444455556666:role/reader"
REQUEST = Request(ROLE, "sqs:ReceiveMessage", QUEUE, ACCOUNT, {"aws:username": "jobs"})


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str = "Read", **elements: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": QUEUE} | elements


def deny(sid: str = "Never", **elements: Any) -> dict[str, Any]:
    return allow(sid, Effect="Deny") | elements


def decide(*statements: dict[str, Any], request: Request = REQUEST, **others: Any) -> Decision:
    return evaluate(request, Policies(identity=[policy(*statements)] if statements else [], **others))


def resource(principal: Any, **elements: Any) -> dict[str, Any]:
    return policy(allow("Shared", Principal=principal) | elements)


def test_nothing_is_allowed_unless_a_statement_says_so() -> None:
    assert decide() == Decision("ImplicitlyDenied")
    assert decide(allow()) == Decision("Allowed", "Read")


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "SQS:receivemessage"},
        {"Action": ["sqs:DeleteMessage", "sqs:Receive*"]},
        {"Action": "*"},
        {"Resource": "*"},
        {"Resource": [KEY, f"arn:aws:sqs:*:{ACCOUNT}:job?"]},
        {"Resource": "arn:aws:sqs:eu-central-1:111122223333:${aws:username}"},
        {"Condition": {"StringEquals": {"aws:username": "jobs"}}},
    ],
)
def test_a_statement_that_speaks_of_the_request_allows_it(elements: dict[str, Any]) -> None:
    assert decide(allow(**elements)).allowed


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "sqs:DeleteMessage"},
        {"Resource": f"arn:aws:sqs:eu-central-1:{ACCOUNT}:JOBS"},
        {"Resource": f"arn:aws:sqs:*:{ACCOUNT}:jobs-2"},
        {"Resource": "arn:aws:sqs:eu-central-1:111122223333:${aws:PrincipalTag/queue}"},
        {"Condition": {"StringEquals": {"aws:username": "eva"}}},
    ],
)
def test_a_statement_that_speaks_of_something_else_does_not(elements: dict[str, Any]) -> None:
    assert decide(allow(**elements)) == Decision("ImplicitlyDenied")


def test_not_action_and_not_resource_mean_everything_else() -> None:
    everything_else = {"Sid": "Rest", "Effect": "Allow", "NotAction": "iam:*", "NotResource": KEY}

    assert decide(everything_else) == Decision("Allowed", "Rest")
    assert not decide(everything_else | {"NotAction": "sqs:*"}).allowed
    assert not decide(everything_else | {"NotResource": [KEY, QUEUE]}).allowed


def test_a_deny_wins_wherever_it_stands() -> None:
    forbidden = Decision("ExplicitlyDenied", "Never")

    assert decide(allow(), deny()) == forbidden
    assert decide(allow(), resource=policy(deny(Principal="*"))) == forbidden
    assert decide(allow(), boundary=policy(allow(), deny())) == forbidden
    assert decide(allow(), deny(Resource=KEY)).allowed


def test_a_boundary_limits_and_gives_nothing() -> None:
    assert decide(allow(), boundary=policy(allow(Action="sqs:*"))).allowed
    assert decide(allow(), boundary=policy(allow(Action="s3:*"))) == Decision("ImplicitlyDenied")
    assert decide(boundary=policy(allow())) == Decision("ImplicitlyDenied")


def test_in_one_account_the_role_or_the_resource_may_allow() -> None:
    assert decide(resource=resource({"AWS": ROLE})) == Decision("Allowed", "Shared")
    assert decide(resource=resource("*")).allowed
    assert decide(allow(), resource=resource({"AWS": FOREIGN})) == Decision("Allowed", "Read")
    assert not decide(resource=resource({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})).allowed


@pytest.mark.parametrize("trusted", [FOREIGN, "arn:aws:iam::444455556666:root", "444455556666", "*"])
def test_between_accounts_both_must_allow(trusted: str) -> None:
    request = replace(REQUEST, principal=FOREIGN)

    assert decide(allow(), request=request, resource=resource({"AWS": trusted})).allowed
    assert not decide(request=request, resource=resource({"AWS": trusted})).allowed
    assert not decide(allow(), request=request, resource=resource({"AWS": ROLE})).allowed
    assert not decide(allow(), request=request).allowed


def test_a_service_and_a_token_need_the_resource_to_name_them() -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/A"

    for principal, kind in (("events.amazonaws.com", "Service"), (provider, "Federated")):
        request = replace(REQUEST, principal=principal)
        assert decide(request=request, resource=resource({kind: principal})).allowed
        assert not decide(request=request, resource=resource({kind: "other.amazonaws.com"})).allowed
        assert not decide(allow(), request=request).allowed


def test_not_principal_means_everybody_else() -> None:
    others = policy(deny(NotPrincipal={"AWS": ROLE}))

    assert decide(allow(), resource=others).allowed
    assert decide(allow(), request=replace(REQUEST, principal=FOREIGN), resource=others).result == "ExplicitlyDenied"


@pytest.mark.parametrize(("action", "on"), [("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/x"), ("kms:Decrypt", KEY)])
def test_a_trust_and_a_key_policy_decide_whether_other_policies_count(action: str, on: str) -> None:
    request = replace(REQUEST, action=action, resource=on)
    own = allow(Action=action, Resource="*")

    def shared(principal: str) -> dict[str, Any]:
        return resource({"AWS": principal}, Action=action, Resource="*")

    assert not decide(own, request=request).allowed
    assert decide(request=request, resource=shared(ROLE)).allowed
    assert decide(own, request=request, resource=shared(f"arn:aws:iam::{ACCOUNT}:root")).allowed
    assert not decide(request=request, resource=shared(f"arn:aws:iam::{ACCOUNT}:root")).allowed


def test_a_policy_without_a_resource_speaks_of_what_it_is_attached_to() -> None:
    attached = policy({"Sid": "Mount", "Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sqs:ReceiveMessage"})

    assert decide(resource=attached) == Decision("Allowed", "Mount")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (allow(Resource="arn:aws:sqs:*"), "'arn:aws:sqs:\\*' is no ARN"),
        (allow(Condition={"StringIs": {"aws:username": "x"}}), "'StringIs' is not supported"),
    ],
)
def test_a_statement_that_cannot_be_decided_is_an_error(statement: dict[str, Any], message: str) -> None:
    with pytest.raises(SimulationError, match=message):
        decide(statement)


def test_a_principal_of_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(SimulationError, match="a principal is '\\*' or has the kinds"):
        decide(resource=resource({"CanonicalUser": "79a5"}))
