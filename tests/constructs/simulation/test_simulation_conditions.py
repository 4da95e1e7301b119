"""Condition operators decide as IAM's documentation says, missing keys and several values included."""

from typing import Any

import pytest

from compute_plane.simulation.conditions import holds
from compute_plane.simulation.patterns import SimulationError

CONTEXT: dict[str, str | list[str]] = {
    "aws:requestedregion": "eu-central-1",
    "aws:resourcetag/team": "Web",
    "aws:securetransport": "true",
    "aws:sourcearn": "arn:aws:eks:eu-central-1:111122223333:cluster/blue",
    "aws:sourceip": "10.0.1.7",
    "aws:currenttime": "2026-11-20T12:00:00Z",
    "aws:epochtime": "1795176000",
    "aws:tagkeys": ["Name", "team"],
    "s3:max-keys": "10",
    "aws:username": "eva",
}


@pytest.mark.parametrize(
    ("operator", "key", "value", "met"),
    [
        ("StringEquals", "aws:ResourceTag/team", "Web", True),
        ("StringEquals", "aws:ResourceTag/team", "web", False),
        ("StringEquals", "AWS:resourcetag/TEAM", ["Data", "Web"], True),
        ("StringEquals", "aws:ResourceTag/team", "W*", False),
        ("StringEqualsIgnoreCase", "aws:ResourceTag/team", "wEB", True),
        ("StringNotEquals", "aws:ResourceTag/team", "Web", False),
        ("StringNotEquals", "aws:ResourceTag/team", ["Data", "Web"], False),
        ("StringNotEquals", "aws:ResourceTag/team", ["Data", "Ops"], True),
        ("StringNotEqualsIgnoreCase", "aws:ResourceTag/team", "WEB", False),
        ("StringLike", "aws:ResourceTag/team", "W?b", True),
        ("StringLike", "aws:ResourceTag/team", "w*", False),
        ("StringNotLike", "aws:ResourceTag/team", "W*", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:eks:*:111122223333:cluster/b*", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:eks:*:cluster/blue:x:y", False),
        ("ArnEquals", "aws:SourceArn", "arn:aws:eks:eu-*:111122223333:cluster/blue", True),
        ("ArnNotEquals", "aws:SourceArn", "arn:aws:eks:eu-central-1:111122223333:cluster/blue", False),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:eks:*:444455556666:cluster/*", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "TRUE", True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("NumericEquals", "s3:max-keys", "10.0", True),
        ("NumericNotEquals", "s3:max-keys", 10, False),
        ("NumericLessThan", "s3:max-keys", "10", False),
        ("NumericLessThanEquals", "s3:max-keys", "10", True),
        ("NumericGreaterThan", "s3:max-keys", "9", True),
        ("NumericGreaterThanEquals", "s3:max-keys", "11", False),
        ("DateLessThan", "aws:CurrentTime", "2026-11-21T00:00:00Z", True),
        ("DateLessThanEquals", "aws:CurrentTime", "2026-11-20", False),
        ("DateGreaterThan", "aws:EpochTime", "2026-11-20T11:59:59Z", True),
        ("DateGreaterThanEquals", "aws:CurrentTime", "1795176000", True),
        ("DateEquals", "aws:EpochTime", "2026-11-20T12:00:00Z", True),
        ("DateNotEquals", "aws:EpochTime", "2026-11-20T12:00:00Z", False),
        ("IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.0.0.0/8"], True),
        ("IpAddress", "aws:SourceIp", "10.0.1.8", False),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", False),
        ("Null", "aws:ResourceTag/team", "false", True),
        ("Null", "aws:ResourceTag/team", True, False),
        ("Null", "aws:ResourceTag/owner", "true", True),
    ],
)
def test_an_operator_compares_a_key_that_is_there(operator: str, key: str, value: Any, met: bool) -> None:
    assert holds({operator: {key: value}}, CONTEXT) is met


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("ArnLike", False),
        ("Bool", False),
        ("NumericLessThan", False),
        ("IpAddress", False),
        ("StringNotEquals", True),
        ("ArnNotLike", True),
        ("NotIpAddress", True),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_key_that_is_not_there_meets_only_negations_and_what_allows_for_it(operator: str, met: bool) -> None:
    assert holds({operator: {"aws:PrincipalTag/team": "x"}}, CONTEXT) is met


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("ForAllValues:StringEquals", ["Name", "team", "stage"], True),
        ("ForAllValues:StringEquals", ["Name"], False),
        ("ForAllValues:StringLike", ["N*", "t*"], True),
        ("ForAllValues:StringNotEquals", ["owner"], True),
        ("ForAllValues:StringNotEquals", ["owner", "team"], False),
        ("ForAnyValue:StringEquals", ["Name"], True),
        ("ForAnyValue:StringEquals", ["owner"], False),
        ("ForAnyValue:StringNotEquals", ["Name"], True),
        ("ForAnyValue:StringNotEquals", ["Name", "team"], False),
    ],
)
def test_a_set_operator_looks_at_every_value(operator: str, value: list[str], met: bool) -> None:
    assert holds({operator: {"aws:TagKeys": value}}, CONTEXT) is met


def test_every_key_of_every_operator_must_be_met() -> None:
    met = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}, "Bool": {"aws:SecureTransport": "true"}}

    assert holds(met, CONTEXT)
    assert not holds(met | {"Null": {"aws:TagKeys": "true"}}, CONTEXT)
    assert not holds({"StringEquals": {"aws:RequestedRegion": "eu-central-1", "aws:username": "adam"}}, CONTEXT)


@pytest.mark.parametrize(
    ("value", "met"),
    [
        ("${aws:username}", True),
        ("x-${aws:username}", False),
        ("${aws:PrincipalTag/name}", False),
        ("${aws:PrincipalTag/name, 'eva'}", True),
    ],
)
def test_a_policy_variable_has_the_value_of_the_request(value: str, met: bool) -> None:
    assert holds({"StringEquals": {"aws:username": value}}, CONTEXT) is met


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"StringMatches": {"aws:username": "eva"}}, "'StringMatches' is not supported; known are"),
        ({"ForSomeValues:StringEquals": {"aws:username": "eva"}}, "is not supported"),
        ({"BinaryEquals": {"aws:username": "eva"}}, "'BinaryEquals' is not supported"),
        ({"NullIfExists": {"aws:username": "true"}}, "Null takes one value"),
        ({"Null": {"aws:username": "maybe"}}, "Null takes one value"),
        ({"StringEquals": {"aws:TagKeys": "Name"}}, "which has several values, needs ForAllValues or ForAnyValue"),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:eks"}}, "'arn:aws:eks' is no ARN"),
    ],
)
def test_what_cannot_be_decided_is_an_error(condition: dict[str, Any], message: str) -> None:
    with pytest.raises(SimulationError, match=message):
        holds(condition, CONTEXT)
