"""Tokens that EKS accepts, and those that it does not; they are made by botocore, as the AWS CLI makes them."""

import base64
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.identities import SECRET_KEY, access_key, session_name
from rehearsal.kubernetes.tokens import BadToken, User, access_key_of, reviewed

ADMIN = "arn:aws:iam::123456789012:role/team/Admin"
Make = Callable[..., str]


def key_in(token: str) -> str:
    now = datetime.datetime.now(datetime.UTC)
    return access_key_of(token, cluster="plane", secret=SECRET_KEY, now=now)


def test_a_token_tells_who_signed_it(make_token: Make) -> None:
    assert key_in(make_token(ADMIN)) == access_key(ADMIN)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cluster": "another"}, "signed for another cluster than plane, or with another key"),
        ({"secret": "guessed"}, "signed for another cluster than plane, or with another key"),
        ({"age": datetime.timedelta(minutes=16)}, "the token was made at"),
        ({"age": -datetime.timedelta(minutes=6)}, "the token was made at"),
    ],
)
def test_a_token_of_another_cluster_key_or_time_is_refused(
    change: dict[str, Any], reason: str, make_token: Make
) -> None:
    with pytest.raises(BadToken, match=reason):
        key_in(make_token(ADMIN, **change))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity", "not presigned"),
        (None, "no base64url of a URL"),
    ],
)
def test_what_is_no_presigned_url_is_refused(url: str | None, reason: str) -> None:
    encoded = "%%%\xff" if url is None else base64.urlsafe_b64encode(url.encode()).decode()

    with pytest.raises(BadToken, match=reason):
        key_in(f"k8s-aws-v1.{encoded}")


def test_other_bearer_tokens_are_not_ekss() -> None:
    with pytest.raises(BadToken, match="begins with k8s-aws-v1"):
        key_in("secret")


def test_another_presigned_call_is_refused(make_token: Make) -> None:
    url = base64.urlsafe_b64decode(make_token(ADMIN).removeprefix("k8s-aws-v1.") + "===").decode()
    other = url.replace("GetCallerIdentity", "GetSessionToken")

    with pytest.raises(BadToken, match="not GetCallerIdentity"):
        key_in("k8s-aws-v1." + base64.urlsafe_b64encode(other.encode()).decode())


def test_a_review_is_answered_in_its_own_version() -> None:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "good"}}

    def authenticate(token: str) -> User:
        if token != "good":
            raise BadToken("no")
        return User("alice", ("viewers",))

    answer = reviewed(review, authenticate)
    refusal = reviewed({**review, "spec": {"token": "bad"}}, authenticate)

    assert answer["apiVersion"] == "authentication.k8s.io/v1"
    assert answer["status"] == {"authenticated": True, "user": {"username": "alice", "groups": ["viewers"]}}
    assert refusal["status"] == {"authenticated": False, "error": "no"}


@pytest.mark.parametrize(
    ("principal", "name"),
    [
        (ADMIN, "arn:aws:sts::123456789012:assumed-role/Admin/rehearsal"),
        ("arn:aws-cn:iam::123456789012:role/Admin", "arn:aws-cn:sts::123456789012:assumed-role/Admin/rehearsal"),
        ("arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:user/alice"),
    ],
)
def test_kubernetes_knows_a_role_by_its_session(principal: str, name: str) -> None:
    assert session_name(principal) == name


def test_access_keys_differ_by_principal_and_look_like_a_roles() -> None:
    keys = {access_key(f"arn:aws:iam::123456789012:role/{name}") for name in ("a", "b", "a/b")}

    assert len(keys) == 3
    assert all(key.startswith("ASIA") and len(key) == 20 for key in keys)
