"""Each intrinsic function gives what CloudFormation gives."""

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.intrinsics import Resolver


class Names:
    """A scope of known names."""

    mappings: Mapping[str, Any] = {"Sizes": {"dev": {"nodes": 1}, "prod": {"nodes": 3}}}

    def reference(self, name: str) -> Any:
        return {"AWS::Region": "eu-west-1", "Vpc": "vpc-1", "Names": ["a", "b"]}[name]

    def attribute(self, logical_id: str, attribute: str) -> Any:
        return f"{attribute} of {logical_id}"

    def condition(self, name: str) -> bool:
        return name == "True"

    def zones(self, region: str) -> list[str]:
        return ["eu-west-1a", "eu-west-1b"]

    def import_value(self, name: str) -> Any:
        return f"imported {name}"

    def stack_output(self, stack_name: str, output_name: str, region: str | None) -> Any:
        return f"{stack_name}.{output_name} in {region}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Vpc"}, "vpc-1"),
        ({"Fn::GetAtt": ["Db", "Endpoint.Address"]}, "Endpoint.Address of Db"),
        ({"Fn::GetAtt": "Db.Endpoint.Address"}, "Endpoint.Address of Db"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Vpc"}, 3, True]]}, "a-vpc-1-3-true"),
        ({"Fn::Select": ["1", {"Ref": "Names"}]}, "b"),
        ({"Fn::Split": ["/", "a/b"]}, ["a", "b"]),
        ({"Fn::If": ["True", "yes", {"Ref": "Nothing"}]}, "yes"),
        ({"Fn::If": ["False", {"Ref": "Nothing"}, "no"]}, "no"),
        ({"Fn::FindInMap": ["Sizes", "prod", "nodes"]}, 3),
        ({"Fn::FindInMap": ["Sizes", "test", "nodes", {"DefaultValue": 2}]}, 2),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b"]),
        ({"Fn::Base64": "ab"}, "YWI="),
        ({"Fn::ToJsonString": {"id": {"Ref": "Vpc"}}}, '{"id": "vpc-1"}'),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Sub": "${AWS::Region}/${Db.Arn}/${!Literal}"}, "eu-west-1/Arn of Db/${Literal}"),
        ({"Fn::Sub": ["${Own}-${Vpc}", {"Own": {"Ref": "Vpc"}}]}, "vpc-1-vpc-1"),
        ({"Fn::ImportValue": {"Fn::Sub": "net-${Vpc}"}}, "imported net-vpc-1"),
        ({"Fn::Length": {"Ref": "Names"}}, 2),
        ({"Fn::GetStackOutput": {"StackName": "Net", "OutputName": "Id"}}, "Net.Id in None"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
    ],
)
def test_a_function_is_replaced_by_its_value(value: Any, expected: Any) -> None:
    resolve = Resolver(Names())

    resolved = resolve({"nested": [value]})

    assert resolved == {"nested": [expected]}


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"Fn::Select": [5, ["a"]]}, "index 5"),
        ({"Fn::FindInMap": ["Sizes", "test", "nodes"]}, "Sizes::test::nodes"),
        ({"Fn::Cidr": ["10.0.0.0/30", 9, 1]}, "cannot make 9 blocks"),
        ({"Fn::Transform": {"Name": "x"}}, "unsupported intrinsic function Fn::Transform"),
    ],
)
def test_what_has_no_value_is_an_error_that_names_it(value: Any, complaint: str) -> None:
    resolve = Resolver(Names())

    with pytest.raises(ValidationError, match=complaint):
        resolve(value)
