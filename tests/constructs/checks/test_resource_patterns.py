"""Resources of statements as patterns, and the kinds of resource that they can be."""

from typing import Any

import pytest

from compute_plane.checks.arns import OWN, can_be, is_star, pattern_of
from compute_plane.checks.template import Template

TEMPLATE = Template(
    {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}, "Group": {"Type": "AWS::Logs::LogGroup"}}},
)
OBJECT = "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
BUCKET = "arn:${Partition}:s3:::${BucketName}"
SNAPSHOT = "arn:${Partition}:ec2:${Region}::snapshot/${SnapshotId}"
LISTENER = "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:listener/app/${Name}/${Id}/${ListenerId}"
PARAMETER = "arn:${Partition}:ssm:${Region}:${Account}:parameter/${ParameterName}"
ROLE = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, f"arn:<Partition>:s3:::{OWN}"),
        ({"Fn::Join": ["", [{"Fn::GetAtt": ["Group", "Arn"]}, ":*"]]}, f"{OWN}:*"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}"}, f"arn:<Partition>:s3:::{OWN}"),
        ({"Fn::GetStackOutput": {"StackName": "s", "OutputName": "o"}}, OWN),
        ({"Fn::Select": [1, {"Fn::Split": ["//", {"Fn::GetAtt": ["Bucket", "WebsiteURL"]}]}]}, OWN),
        ({"Fn::Select": [1, {"Fn::Split": ["//", {"Ref": "SomeParameter"}]}]}, "*"),
        ({"Ref": "SomeParameter"}, "*"),
        ({"Fn::Select": [0, {"Ref": "Names"}]}, "*"),
        ("arn:aws:s3:::home/${aws:username}", "arn:aws:s3:::home/*"),
    ],
)
def test_a_resource_is_a_pattern_in_which_the_unknown_is_a_wildcard(resource: Any, expected: str) -> None:
    assert pattern_of(TEMPLATE, resource) == expected


@pytest.mark.parametrize(
    ("pattern", "arn_format", "expected"),
    [
        ("*", OBJECT, True),
        ("arn:aws:s3:::b/*", OBJECT, True),
        ("arn:aws:s3:::b", OBJECT, False),
        (f"arn:<Partition>:s3:::{OWN}", OBJECT, False),
        (f"arn:<Partition>:s3:::{OWN}", BUCKET, True),
        (f"arn:<Partition>:s3:::{OWN}/*", OBJECT, True),
        (f"{OWN}:*", BUCKET, True),
        ("arn:aws:ec2:eu-west-1::snapshot/*", SNAPSHOT, True),
        ("arn:aws:ec2:eu-west-1:111122223333:snapshot/*", SNAPSHOT, False),
        ("arn:aws:ec2:eu-west-1::image/*", SNAPSHOT, False),
        ("arn:aws:elasticloadbalancing:r:1:listener/*", LISTENER, True),
        ("arn:aws:elasticloadbalancing:r:1:listener/net/*/*/*", LISTENER, False),
        ("arn:aws:elasticloadbalancing:r:1:loadbalancer/app/*", LISTENER, False),
        ("arn:aws:ssm:r::parameter/aws/service/eks/*", PARAMETER, True),
        ("arn:aws:ssm:r::parameter/mine/*", PARAMETER, False),
        ("arn:aws:iam::1:role/*.sigs.k8s.io", ROLE, True),
        ("arn:aws:iam::1:role/n?de", ROLE, True),
        ("arn:aws:iam::1:policy/*", ROLE, False),
        ("arn:aws:*", ROLE, True),
    ],
)
def test_a_pattern_can_be_a_kind_of_resource_when_some_arn_fits_both(
    pattern: str, arn_format: str, expected: bool
) -> None:
    assert can_be(pattern, arn_format) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:ec2:r:1:*", True),
        ("arn:aws:ec2:r:1:instance/*", False),
        ("arn:aws:logs:r:1:log-group:/eks:*", False),
        (f"{OWN}:*", False),
    ],
)
def test_a_star_is_everything_of_a_service(pattern: str, expected: bool) -> None:
    assert is_star(pattern) is expected
