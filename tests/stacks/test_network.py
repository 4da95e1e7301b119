"""The Network stack: subnets that load balancers and Karpenter find, egress, a closed door and a record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

SUBNET, NAT = "AWS::EC2::Subnet", "AWS::EC2::NatGateway"


def subnets(network: Template, kind: str) -> list[Raw]:
    """The subnets that the tag `subnet` calls public or private, with their tags as a map."""
    found = [{**subnet, "Tags": tags(subnet)} for _, subnet in network.of_type(SUBNET)]
    return [subnet for subnet in found if subnet["Tags"]["subnet"] == kind]


def tags(properties: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties["Tags"]}


@pytest.fixture
def network(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Network stack with some settings changed."""

    def synthesized(**changes: Any) -> Template:
        return templates({**configuration, "network": configuration["network"] | changes})["Network"]

    return synthesized


@pytest.mark.parametrize("zones", [2, 3])
def test_every_zone_has_a_public_and_a_private_subnet(zones: int, network: Callable[..., Template]) -> None:
    template = network(zones=zones)

    for kind in ("public", "private"):
        in_zones = [subnet["AvailabilityZone"] for subnet in subnets(template, kind)]
        assert in_zones == [{"Fn::Select": [index, {"Fn::GetAZs": ""}]} for index in range(zones)]
    assert len(list(template.of_type(SUBNET))) == 2 * zones


def test_named_zones_are_taken_literally(network: Callable[..., Template]) -> None:
    template = network(zones=["eu-central-1c", "eu-central-1a"])

    zones = [subnet["AvailabilityZone"] for subnet in subnets(template, "private")]
    assert zones == ["eu-central-1c", "eu-central-1a"]


def test_nothing_is_looked_up_in_aws(configuration: Raw, synthesize: Callable[..., Path]) -> None:
    assembly = synthesize(configuration, account="111122223333")

    manifest = json.loads((assembly / "manifest.json").read_text())
    assert manifest["artifacts"]["Network"]["environment"] == "aws://111122223333/eu-central-1"
    assert "missing" not in manifest


def test_subnets_carry_the_tags_by_which_load_balancers_and_karpenter_find_them(
    network: Callable[..., Template],
) -> None:
    template = network()

    shared = {"kubernetes.io/cluster/test": "shared", "stage": "test"}
    public, private = subnets(template, "public"), subnets(template, "private")
    assert len(public) == len(private) == 2
    for subnet in public:
        assert subnet["Tags"].items() >= {**shared, "kubernetes.io/role/elb": "1"}.items()
        assert not subnet["Tags"].keys() & {"kubernetes.io/role/internal-elb", "karpenter.sh/discovery"}
        assert subnet["MapPublicIpOnLaunch"] is True
    for subnet in private:
        expected = {**shared, "kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": "test"}
        assert subnet["Tags"].items() >= expected.items()
        assert "kubernetes.io/role/elb" not in subnet["Tags"]
        assert subnet["MapPublicIpOnLaunch"] is False


@pytest.mark.parametrize(
    ("nat", "gateways", "availability_mode"), [("one", 1, None), ("per_zone", 3, None), ("regional", 1, "regional")]
)
def test_private_subnets_leave_through_the_gateways_of_the_configuration(
    nat: str, gateways: int, availability_mode: str | None, network: Callable[..., Template]
) -> None:
    template = network(zones=3, nat=nat)

    made = dict(template.of_type(NAT))
    assert len(made) == gateways
    assert {gateway.get("AvailabilityMode") for gateway in made.values()} == {availability_mode}
    routes = [route["NatGatewayId"] for _, route in template.of_type("AWS::EC2::Route") if "NatGatewayId" in route]
    assert len(routes) == 3
    assert {template.referred_to(gateway) for gateway in routes} == set(made)


@pytest.mark.parametrize("nat", ["one", "regional"])
def test_a_nat_gateway_waits_until_the_vpc_has_internet(nat: str, network: Callable[..., Template]) -> None:
    template = network(nat=nat)

    [(attachment, _)] = template.of_type("AWS::EC2::VPCGatewayAttachment")
    routes = {name for name, route in template.of_type("AWS::EC2::Route") if "GatewayId" in route}
    waits = [set(template.resources[name]["DependsOn"]) for name, _ in template.of_type(NAT)]
    assert waits
    assert all(attachment in names or routes & names for names in waits)


def test_the_vpc_has_dns_names_and_the_range_of_the_configuration(network: Callable[..., Template]) -> None:
    template = network(cidr="10.64.0.0/18", private_subnet_prefix=21)

    [(_, vpc)] = template.of_type("AWS::EC2::VPC")
    assert (vpc["CidrBlock"], vpc["EnableDnsHostnames"], vpc["EnableDnsSupport"]) == ("10.64.0.0/18", True, True)
    assert [subnet["CidrBlock"] for subnet in subnets(template, "private")] == ["10.64.8.0/21", "10.64.16.0/21"]
    assert [subnet["CidrBlock"] for subnet in subnets(template, "public")] == ["10.64.0.0/24", "10.64.1.0/24"]


def test_s3_is_reached_from_every_subnet_without_nat(network: Callable[..., Template]) -> None:
    template = network()

    [(_, endpoint)] = template.of_type("AWS::EC2::VPCEndpoint")
    tables = {logical_id for logical_id, _ in template.of_type("AWS::EC2::RouteTable")}
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"]["Fn::Join"][1][-1] == ".s3"
    assert {table["Ref"] for table in endpoint["RouteTableIds"]} == tables
    assert len(tables) == 4


def test_the_default_security_group_is_closed(network: Callable[..., Template]) -> None:
    template = network()

    [(vpc, _)] = template.of_type("AWS::EC2::VPC")
    [(_, closed)] = template.of_type("Custom::VpcRestrictDefaultSG")
    assert closed["DefaultSecurityGroupId"] == {"Fn::GetAtt": [vpc, "DefaultSecurityGroup"]}


def test_all_traffic_is_recorded_in_an_encrypted_log_group_of_our_own(network: Callable[..., Template]) -> None:
    template = network(flow_log_retention_days=90)

    [(vpc, _)] = template.of_type("AWS::EC2::VPC")
    [(key, key_properties)] = template.of_type("AWS::KMS::Key")
    [(group, group_properties)] = template.of_type("AWS::Logs::LogGroup")
    [(_, flow_log)] = template.of_type("AWS::EC2::FlowLog")
    assert group_properties["KmsKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert key_properties["EnableKeyRotation"] is True
    assert group_properties["RetentionInDays"] == 90
    assert (flow_log["ResourceId"], flow_log["TrafficType"]) == ({"Ref": vpc}, "ALL")
    assert flow_log["LogGroupName"] == {"Ref": group}


def test_the_flow_log_role_writes_to_its_log_group_only(network: Callable[..., Template]) -> None:
    template = network()

    [(_, flow_log)] = template.of_type("AWS::EC2::FlowLog")
    role = template.referred_to(flow_log["DeliverLogsPermissionArn"])
    assert role is not None
    [policy] = template.properties(role)["Policies"]
    [(group, _)] = template.of_type("AWS::Logs::LogGroup")
    for statement in policy["PolicyDocument"]["Statement"]:
        assert group in json.dumps(statement["Resource"])
        assert "logs:CreateLogGroup" not in statement["Action"]
