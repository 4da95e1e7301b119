"""A bucket of another account that has the printed policy lets the data reader read it, and lets nobody else in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.simulation.assembly import Assembly
from compute_plane.simulation.evaluator import Policies, Policy, Request, evaluate
from compute_plane.simulation.plane import Plane

ACCOUNT, OWNER = "111122223333", "555566667777"
READER = {"namespace": "data", "service_account": "reader", "additional_data_buckets": ["radiology-images"]}
BUCKET, OBJECT = "arn:aws:s3:::radiology-images", "arn:aws:s3:::radiology-images/2026/scan-0001.dcm"
BYSTANDER = f"arn:aws:iam::{ACCOUNT}:role/bystander"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture
def decide(configuration: dict[str, Any], synthesize: Callable[..., Path]) -> Callable[..., bool]:
    """Whether the owner's bucket and our role together allow a request; by whom else, with all rights of its own."""
    plane = Plane(Assembly(synthesize(configuration | {"data": {"reader": READER}}), ACCOUNT), "test")
    reader = plane.role("test-dal")
    assert reader
    printed = json.loads(plane.assembly.stack(reader.stack).output("DataReaderBucketPolicy1"))

    def allowed(action: str, resource: str, *, by: str | None = None, policies: list[Policy] | None = None) -> bool:
        own = reader.documents if policies is None else policies
        request = Request(by or reader.arn, action, resource, OWNER)
        return evaluate(request, Policies(own, resource=printed)).allowed

    return allowed


def test_the_reader_lists_the_bucket_and_reads_its_objects(decide: Callable[..., bool]) -> None:
    decisions = [decide("s3:ListBucket", BUCKET), decide("s3:GetObject", OBJECT)]

    assert decisions == [True, True]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", OBJECT),
        ("s3:DeleteObject", OBJECT),
        ("s3:GetObjectAcl", OBJECT),
        ("s3:PutBucketPolicy", BUCKET),
        ("s3:ListBucket", f"{BUCKET}-raw"),
        ("s3:GetObject", f"{BUCKET}-raw/scan-0001.dcm"),
    ],
)
def test_the_owner_lets_the_reader_do_nothing_else_whatever_its_own_policies_say(
    action: str, resource: str, decide: Callable[..., bool]
) -> None:
    decision = decide(action, resource, policies=[EVERYTHING])

    assert not decision


def test_the_owner_lets_no_other_role_of_our_account_in(decide: Callable[..., bool]) -> None:
    decisions = [
        decide(action, resource, by=BYSTANDER, policies=[EVERYTHING])
        for action, resource in (("s3:ListBucket", BUCKET), ("s3:GetObject", OBJECT))
    ]

    assert decisions == [False, False]


def test_the_printed_policy_alone_is_not_enough(decide: Callable[..., bool]) -> None:
    decisions = [decide("s3:ListBucket", BUCKET, policies=[]), decide("s3:GetObject", OBJECT, policies=[])]

    assert decisions == [False, False]
