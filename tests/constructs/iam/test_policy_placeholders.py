"""How placeholders in a policy document are filled."""

import pytest
from aws_cdk import Aws

from compute_plane.iam.flatten import flatten
from compute_plane.iam.placeholders import DocumentError, Placeholders


def test_pseudo_parameters_become_tokens_and_policy_variables_stay() -> None:
    filled = Placeholders("x.json", {}).fill({"Resource": "arn:${AWS::Partition}:s3:::b/${aws:username}"})

    assert filled == {"Resource": f"arn:{Aws.PARTITION}:s3:::b/${{aws:username}}"}


def test_a_list_is_spliced_into_the_list_it_stands_in() -> None:
    filled = Placeholders("x.json", {"Arns": ["a", "b"]}).fill(["first", "${Arns}", "last"])

    assert filled == ["first", "a", "b", "last"]


def test_an_item_that_holds_a_list_is_repeated_for_each_of_its_values() -> None:
    filled = Placeholders("x.json", {"Zones": ["a", "b"], "Account": "1"}).fill(["first", "arn:${Account}:${Zones}/*"])

    assert filled == ["first", "arn:1:a/*", "arn:1:b/*"]


@pytest.mark.parametrize("node", ["${Arns}", "arn:${Arns}"])
def test_a_list_that_does_not_stand_in_a_list_is_refused(node: str) -> None:
    with pytest.raises(DocumentError, match=r"x\.json: \$\{Arns\} was given a list"):
        Placeholders("x.json", {"Arns": ["a"]}).fill({"Resource": node})


def test_an_empty_list_is_refused_because_it_would_leave_a_condition_without_values() -> None:
    with pytest.raises(DocumentError, match=r"x\.json: the list given for \$\{Arns\} is empty"):
        Placeholders("x.json", {"Arns": []}).fill(["${Arns}"])


def test_keys_take_literal_values_and_refuse_tokens() -> None:
    node = {"aws:ResourceTag/kubernetes.io/cluster/${ClusterName}": "owned"}

    assert Placeholders("x.json", {"ClusterName": "cp"}).fill(node) == {
        "aws:ResourceTag/kubernetes.io/cluster/cp": "owned"
    }
    with pytest.raises(DocumentError, match=r"x\.json: .* is a key, where CloudFormation accepts no token"):
        Placeholders("x.json", {"ClusterName": Aws.STACK_NAME}).fill(node)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("arn:${AWS::Partition}:s3:::b", "arn:<AWS::Partition>:s3:::b"),
        ({"Ref": "AWS::Region"}, "<AWS::Region>"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "<Key.Arn>"),
        ({"Fn::Join": ["", ["a", {"Ref": "B"}, "/*"]]}, "a<B>/*"),
        ({"Fn::Sub": "${Queue.Arn}"}, "<Queue.Arn>"),
        ({"Fn::ImportValue": "Other:Arn"}, "Other:Arn"),
        ({"Fn::Select": [1, ["é"]]}, '{"Fn::Select":[1,["é"]]}'),
        (None, ""),
    ],
)
def test_references_are_flattened_as_cdk_nag_does(reference: object, text: str) -> None:
    assert flatten(reference) == text
