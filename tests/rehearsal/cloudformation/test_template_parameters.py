"""Parameters are typed, limited and looked up as CloudFormation does it."""

from typing import Any

import pytest

from rehearsal.cloudformation import parameters
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.template import Template

STORED = {"/version": "21", "/subnets": "subnet-1,subnet-2"}


def template_of(**declarations: dict[str, Any]) -> Template:
    return Template(content={"Parameters": declarations})


def test_values_have_the_type_of_their_parameter() -> None:
    template = template_of(
        Name={"Type": "String", "Default": "plane"},
        Zones={"Type": "List<AWS::EC2::AvailabilityZone::Name>"},
        Empty={"Type": "CommaDelimitedList", "Default": ""},
        Version={"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/version"},
        Subnets={"Type": "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>", "Default": "/subnets"},
    )

    values = parameters.resolve(template, {"Zones": "a, b"}, STORED.get)

    assert values.resolved == {
        "Name": "plane",
        "Zones": ["a", "b"],
        "Empty": [],
        "Version": "21",
        "Subnets": ["subnet-1", "subnet-2"],
    }


@pytest.mark.parametrize(
    ("declaration", "value", "complaint"),
    [
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", "match pattern"),
        ({"Type": "String", "MinLength": 3}, "ab", "at least 3"),
        ({"Type": "String", "MaxLength": 1}, "ab", "at most 1"),
        ({"Type": "Number"}, "many", "must be a number"),
        ({"Type": "Number", "MinValue": 2}, "1", "not less than 2"),
        ({"Type": "Number", "MaxValue": 2}, "3", "not greater than 2"),
        ({"Type": "String", "AllowedValues": ["a"], "ConstraintDescription": "only a"}, "b", "^only a$"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/nowhere", r"Unable to fetch parameters \[/nowhere\]"),
    ],
)
def test_a_value_outside_its_limits_is_refused(declaration: dict[str, Any], value: str, complaint: str) -> None:
    template = template_of(One=declaration)

    with pytest.raises(ValidationError, match=complaint):
        parameters.resolve(template, {"One": value}, STORED.get)


def test_missing_and_unknown_parameters_are_named() -> None:
    template = template_of(Needed={"Type": "String"})

    with pytest.raises(ValidationError, match=r"\[Needed\] must have values"):
        parameters.resolve(template, {}, STORED.get)
    with pytest.raises(ValidationError, match=r"\[Other\] do not exist"):
        parameters.resolve(template, {"Needed": "x", "Other": "y"}, STORED.get)


def test_a_secret_parameter_is_not_shown() -> None:
    template = template_of(Password={"Type": "String", "NoEcho": True})
    values = parameters.resolve(template, {"Password": "secret"}, STORED.get)

    rows = parameters.shown(template, values)

    assert values.resolved["Password"] == "secret"
    assert rows == [{"ParameterKey": "Password", "ParameterValue": "****"}]
