"""Fn::GetStackOutput reads a live stack, and the rehearsal's guard protects the readers."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.stack import Stack

Deploy = Callable[..., Stack]
Delete = Callable[..., Stack]
Call = Callable[..., dict[str, Any]]


def network(cidr: str = "10.0.0.0/16", *, outputs: bool = True, vpc: bool = True, dns: bool = True) -> str:
    resources: dict[str, Any] = {"Topic": {"Type": "AWS::SNS::Topic"}}
    if vpc:
        resources["Vpc"] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": cidr, "EnableDnsSupport": dns}}
    shown = {"VpcId": {"Value": {"Ref": "Vpc"}}} if outputs and vpc else {}
    return json.dumps({"Resources": resources, "Outputs": {"Other": {"Value": "x"}, **shown}})


def reader(output: str = "VpcId", stack: str = "Network", region: str = "eu-west-1") -> str:
    value = {"Fn::GetStackOutput": {"StackName": stack, "OutputName": output, "Region": region}}
    return json.dumps({"Resources": {"Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": value}}}})


def test_the_value_is_the_live_stacks(deploy: Deploy) -> None:
    producer = deploy("Network", network())

    consumer = deploy("Cluster", reader())

    assert consumer.resources["Table"].properties["VpcId"] == producer.resources["Vpc"].physical_id


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (reader(stack="Nowhere"), "Stack with id Nowhere does not exist"),
        (reader(output="Nothing"), "Output Nothing does not exist in stack Network"),
        (reader(region="eu-west-3"), "holds eu-west-1 only"),
    ],
)
def test_a_missing_stack_or_output_is_an_error(body: str, complaint: str, deploy: Deploy, change: Call) -> None:
    deploy("Network", network())

    described = change("Cluster", body)

    assert described["Status"] == "FAILED"
    assert complaint in described["StatusReason"]


def test_a_replacement_is_refused_while_others_read_it(deploy: Deploy, change: Call) -> None:
    deploy("Network", network())
    deploy("Cluster", reader())

    described = change("Network", network("10.1.0.0/16"))

    assert described["Status"] == "FAILED"
    for part in ("Vpc (AWS::EC2::VPC) would be replaced, because CidrBlock changes", "Cluster", "VpcId"):
        assert part in described["StatusReason"]


def test_the_guard_holds_for_direct_updates_too(deploy: Deploy, call: Call) -> None:
    deploy("Network", network())
    deploy("Cluster", reader())

    with pytest.raises(ValidationError, match="would be replaced"):
        call("UpdateStack", StackName="Network", TemplateBody=network("10.1.0.0/16"))


def test_a_removal_is_refused_while_others_read_it(deploy: Deploy, change: Call) -> None:
    deploy("Network", network())
    deploy("Cluster", reader())

    described = change("Network", network(vpc=False))

    assert "Vpc (AWS::EC2::VPC) would be removed, but Cluster read it" in described["StatusReason"]


@pytest.mark.parametrize("body", [network(dns=False), network(outputs=False)])
def test_other_changes_are_free(body: str, deploy: Deploy) -> None:
    deploy("Network", network())
    deploy("Cluster", reader())

    stack = deploy("Network", body)

    assert stack.status == "UPDATE_COMPLETE"


def test_nobody_is_protected_who_does_not_read_any_more(deploy: Deploy, delete: Delete) -> None:
    deploy("Network", network())
    deploy("Cluster", reader())
    delete("Cluster")

    stack = deploy("Network", network("10.1.0.0/16"))

    assert stack.status == "UPDATE_COMPLETE"
