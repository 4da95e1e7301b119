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
        _tag(self.vpc.public_subnets, names, "public", "kubernetes.io/role/elb")
        _tag(self.vpc.private_subnets, names, "private", "kubernetes.io/role/internal-elb")
        for subnet in self.vpc.private_subnets:
            Tags.of(subnet).add("karpenter.sh/discovery", names.cluster)


def _tag(subnets: list[ec2.ISubnet], names: Names, kind: str, role: str) -> None:
    """The tags that documents 000 and 003 ask for, and by which load balancers find their subnets."""
    for subnet in subnets:
        Tags.of(subnet).add(f"kubernetes.io/cluster/{names.cluster}", "shared")
        Tags.of(subnet).add("subnet", kind)
        Tags.of(subnet).add(role, "1")
