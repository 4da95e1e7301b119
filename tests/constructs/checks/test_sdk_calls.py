"""PIN4, firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.rule import Finding
from compute_plane.checks.sdk_calls import calls_of_custom_resources
from compute_plane.checks.template import Template


def call(service: str, action: str) -> str:
    return json.dumps({"service": service, "action": action, "parameters": {"RoleName": "cp-x"}})


def joined(service: str, action: str) -> dict[str, Any]:
    """As CDK writes it where a parameter is a reference."""
    before, after = call(service, action).split("cp-x")
    return {"Fn::Join": ["", [before, {"Ref": "Role"}, after]]}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Create": call("IAM", "attachRolePolicy")}, ["iam:attachRolePolicy"]),
        ({"Update": call("@aws-sdk/client-iam", "PutRolePolicyCommand")}, ["iam:putRolePolicy"]),
        ({"Delete": joined("iam", "detachRolePolicy")}, ["iam:detachRolePolicy"]),
        ({"Create": call("STS", "assumeRole")}, ["sts:assumeRole"]),
        ({"Create": call("STS", "getFederationToken")}, ["sts:getFederationToken"]),
        ({"Create": call("EKS", "createAccessEntry")}, ["eks:createAccessEntry"]),
        ({"Create": call("S3", "putBucketPolicy")}, ["s3:putBucketPolicy"]),
        ({"Create": {"Ref": "Given"}}, ["Unreadable::<Given>"]),
        ({"Create": call("IAM", "getRole")}, []),
        ({"Create": call("S3", "putObject"), "Delete": joined("S3", "deleteObject")}, []),
        ({"Create": call("EKS", "describeCluster")}, []),
    ],
)
def test_pin4_wants_no_call_that_gives_permissions(properties: Any, expected: list[str]) -> None:
    template = Template({"Resources": {"It": {"Type": "Custom::AWS", "Properties": properties}}})

    assert list(calls_of_custom_resources(template)) == [Finding("It", detail) for detail in expected]


def test_pin4_reads_the_calls_of_other_custom_resources_but_asks_none_of_them_to_be_one() -> None:
    changing = {"Type": "Custom::Another", "Properties": {"Create": call("IAM", "createRole")}}
    unlike = {"Type": "Custom::Another", "Properties": {"Create": "yes"}}

    found = calls_of_custom_resources(Template({"Resources": {"It": changing, "Other": unlike}}))

    assert list(found) == [Finding("It", "iam:createRole")]
