"""A service is known by every spelling of its name, and by none that another one has."""

from typing import Any

import pytest

from compute_plane.checks.services import service_of
from compute_plane.checks.statements import trusts
from compute_plane.checks.template import Template


@pytest.mark.parametrize(
    ("principal", "service"),
    [
        ("ec2.amazonaws.com", "ec2"),
        ("EC2.amazonaws.com", "ec2"),
        ("ec2.amazonaws.com.cn", "ec2"),
        ("ec2.eu-west-1.amazonaws.com", "ec2"),
        ("ec2.us-gov-west-1.amazonaws.com", "ec2"),
        ("ec2.<AWS::Region>.<AWS::URLSuffix>", "ec2"),
        ("pods.eks.amazonaws.com", "pods.eks"),
        ("delivery.logs.amazonaws.com", "delivery.logs"),
        ("ec2.example.com", None),
        ("<Given>", None),
        ("*.amazonaws.com", None),
    ],
)
def test_a_service_is_its_name_without_region_and_domain(principal: str, service: str | None) -> None:
    assert service_of(principal) == service


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("ec2.amazonaws.com.cn", True),
        ({"Fn::Sub": "ec2.${AWS::Region}.${AWS::URLSuffix}"}, True),
        ("ec2fleet.amazonaws.com", False),
        ("eks.amazonaws.com", False),
    ],
)
def test_a_role_for_instances_is_found_by_every_spelling(principal: Any, expected: bool) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [trust]}}}

    assert trusts(Template({"Resources": {"Role": role}}), "Role", "ec2") is expected
