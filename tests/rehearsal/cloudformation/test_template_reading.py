"""Templates are read in both notations, and refused for CloudFormation's reasons."""

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.schemas import Registry
from rehearsal.cloudformation.template import check, read


def test_yaml_short_forms_are_the_long_ones() -> None:
    body = """
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "${AWS::StackName}-x"
      Tags: [{Key: a, Value: !GetAtt Other.Arn}]
      Joined: !Join [",", [!Ref Other]]
"""

    template = read(body)

    properties = template.resources["Bucket"]["Properties"]
    assert template.content["AWSTemplateFormatVersion"] == "2010-09-09"
    assert properties["BucketName"] == {"Fn::Sub": "${AWS::StackName}-x"}
    assert properties["Tags"][0]["Value"] == {"Fn::GetAtt": ["Other", "Arn"]}
    assert properties["Joined"] == {"Fn::Join": [",", [{"Ref": "Other"}]]}


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{}", "At least one Resources member"),
        ('{"Resources": {"A": {}}}', "must have Type"),
        ('{"Resources": {"A": {"Type": "AWS::No::Such"}}}', r"Unrecognized resource types: \[AWS::No::Such\]"),
        (
            '{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "B"}}}}}',
            r"Unresolved resource dependencies \[B\] in the Resources block",
        ),
        (
            '{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"O": {"Value": {"Ref": "C"}}}}',
            r"Unresolved resource dependencies \[C\] in the Outputs block",
        ),
        ('{"Transform": "x", "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}', "Transform"),
    ],
)
def test_a_template_that_cannot_be_deployed_is_refused(body: str, complaint: str, registry: Registry) -> None:
    template = read(body)

    with pytest.raises(ValidationError, match=complaint):
        check(template, registry)


@pytest.mark.parametrize("body", ["{", "[1]", "a: [", "text"])
def test_what_is_no_template_is_refused(body: str) -> None:
    with pytest.raises(ValidationError, match="Template format error"):
        read(body)
