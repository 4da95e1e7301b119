"""The VPC with its subnets, NAT and tags."""

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from compute_plane.config.network import NetworkConfig
from compute_plane.names import Names


class PlaneVpc(Construct):
    """DNS names are on, the default security group is closed, S3 is reached without NAT."""

    def __init__(self, scope: Construct, id: str, *, names: Names, config: NetworkConfig) -> None:
        super().__init__(scope, id)
        regional = config.nat == "regional"
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(str(config.cidr)),
            max_azs=config.zone_count,
            nat_gateway_provider=ec2.NatProvider.regional_gateway() if regional else ec2.NatProvider.gateway(),
            nat_gateways=config.zone_count if config.nat == "per_zone" else 1,
            restrict_default_security_group=True,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public",
                    subnet_type=ec2.SubnetType.PUBLIC,
                    cidr_mask=config.public_subnet_prefix,
                    # Document 000: a public subnet assigns addresses by itself.
                    map_public_ip_on_launch=True,
                ),
                ec2.SubnetConfiguration(
                    name="Private",
                    subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS,
                    cidr_mask=config.private_prefix,
                ),
            ],
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
        )
        if regional:
            # CDK lets it wait for the internet gateway, but not for the gateway's attachment to the VPC.
            gateway = self.vpc.node.find_child("RegionalNatGateway")
            gateway.node.add_dependency(self.vpc.node.find_child("VPCGW"))
        for subnets, tags in (
            (self.vpc.public_subnets, _tags(names, "public", {"kubernetes.io/role/elb": "1"})),
            (
                self.vpc.private_subnets,
                _tags(
                    names,
                    "private",
                    {"kubernetes.io/role/internal-elb": "1", "karpenter.sh/discovery": names.cluster},
                ),
            ),
        ):
            for subnet in subnets:
                _tag(subnet, tags)


def _tags(names: Names, kind: str, more: dict[str, str]) -> dict[str, str]:
    """What documents 000 and 003 ask for, and by which load balancers and Karpenter find their subnets."""
    return {f"kubernetes.io/cluster/{names.cluster}": "shared", "subnet": kind, **more}


def _tag(subnet: ec2.ISubnet, tags: dict[str, str]) -> None:
    manager = Tags.of(subnet)
    for key, value in tags.items():
        manager.add(key, value)
