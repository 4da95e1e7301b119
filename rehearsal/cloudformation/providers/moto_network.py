"""VPCs, subnets and security groups in moto: CDK's and our own handlers call EC2 for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.moto_calls import Calls, Clients
from rehearsal.cloudformation.resource import Resource


def _create_vpc(clients: Clients, request: Request, made: Made) -> Made:
    client, wanted = clients("ec2"), request.properties
    vpc = client.create_vpc(CidrBlock=wanted.get("CidrBlock", "10.0.0.0/16"))["Vpc"]
    vpc_id = str(vpc["VpcId"])
    for option in ("EnableDnsSupport", "EnableDnsHostnames"):
        if option in wanted:
            client.modify_vpc_attribute(VpcId=vpc_id, **{option: {"Value": is_true(wanted[option])}})
    _tag(client, vpc_id, {}, wanted)
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    groups = client.describe_security_groups(Filters=filters)["SecurityGroups"]
    default_group = next(group["GroupId"] for group in groups if group["GroupName"] == "default")
    acls = client.describe_network_acls(Filters=filters)["NetworkAcls"]
    associations = [one["AssociationId"] for one in vpc.get("CidrBlockAssociationSet", [])]
    exact = {
        "VpcId": vpc_id,
        "CidrBlock": vpc["CidrBlock"],
        "DefaultSecurityGroup": default_group,
        "CidrBlockAssociations": associations,
        "Ipv6CidrBlocks": [],
    }
    if acls:
        exact["DefaultNetworkAcl"] = acls[0]["NetworkAclId"]
    return Made(vpc_id, {**made.attributes, **exact})


def _delete_vpc(clients: Clients, current: Resource) -> None:
    clients("ec2").delete_vpc(VpcId=current.physical_id)


def _create_subnet(clients: Clients, request: Request, made: Made) -> Made:
    client, wanted = clients("ec2"), request.properties
    zone = {"AvailabilityZone": wanted["AvailabilityZone"]} if "AvailabilityZone" in wanted else {}
    subnet = client.create_subnet(VpcId=wanted["VpcId"], CidrBlock=wanted["CidrBlock"], **zone)["Subnet"]
    subnet_id = str(subnet["SubnetId"])
    if is_true(wanted.get("MapPublicIpOnLaunch")):
        client.modify_subnet_attribute(SubnetId=subnet_id, MapPublicIpOnLaunch={"Value": True})
    _tag(client, subnet_id, {}, wanted)
    exact = {"SubnetId": subnet_id, "AvailabilityZone": subnet["AvailabilityZone"], "Ipv6CidrBlocks": []}
    return Made(subnet_id, {**made.attributes, **exact})


def _update_tags(clients: Clients, request: Request, current: Resource) -> None:
    _tag(clients("ec2"), current.physical_id, current.properties, request.properties)


def _delete_subnet(clients: Clients, current: Resource) -> None:
    clients("ec2").delete_subnet(SubnetId=current.physical_id)


def _create_security_group(clients: Clients, request: Request, made: Made) -> Made:
    client, wanted = clients("ec2"), request.properties
    name = wanted.get("GroupName") or f"{request.stack_name}-{request.logical_id}-{request.token[:12].upper()}"
    scope = {"VpcId": wanted["VpcId"]} if "VpcId" in wanted else {}
    description = wanted["GroupDescription"]
    created = client.create_security_group(GroupName=name, Description=description, **scope)
    group_id = str(created["GroupId"])
    _authorize(client.authorize_security_group_ingress, group_id, wanted.get("SecurityGroupIngress", []))
    _tag(client, group_id, {}, wanted)
    return Made(group_id, {**made.attributes, "GroupId": group_id, "Id": group_id})


def _delete_security_group(clients: Clients, current: Resource) -> None:
    clients("ec2").delete_security_group(GroupId=current.physical_id)


def _authorize(call: Any, group_id: str, rules: Sequence[Mapping[str, Any]]) -> None:
    for rule in rules:
        permission: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
        permission |= {port: int(rule[port]) for port in ("FromPort", "ToPort") if port in rule}
        if "CidrIp" in rule:
            permission["IpRanges"] = [{"CidrIp": rule["CidrIp"]}]
        elif "SourceSecurityGroupId" in rule:
            permission["UserIdGroupPairs"] = [{"GroupId": rule["SourceSecurityGroupId"]}]
        else:
            continue
        call(GroupId=group_id, IpPermissions=[permission])


def _tag(client: Any, resource_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    before, after = _tags(old), _tags(new)
    if dropped := [{"Key": key} for key in before if key not in after]:
        client.delete_tags(Resources=[resource_id], Tags=dropped)
    if changed := [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]:
        client.create_tags(Resources=[resource_id], Tags=changed)


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {str(tag["Key"]): str(tag["Value"]) for tag in properties.get("Tags", [])}


def is_true(value: Any) -> bool:
    """A template's boolean, which may be text."""
    return str(value).lower() == "true"


CALLS: dict[str, Calls] = {
    "AWS::EC2::SecurityGroup": Calls(_create_security_group, _delete_security_group, _update_tags),
    "AWS::EC2::Subnet": Calls(_create_subnet, _delete_subnet, _update_tags),
    "AWS::EC2::VPC": Calls(_create_vpc, _delete_vpc, _update_tags),
}
