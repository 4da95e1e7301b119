"""The network: one VPC with a public and a private subnet in every zone."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from compute_plane.config.model import Model

# RFC 1918 and RFC 6598: what AWS recommends for VPCs.
PRIVATE_RANGES = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))


def _cidr(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a CIDR in quotes, for example 10.20.0.0/16")
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise ValueError(f"must be a CIDR such as 10.20.0.0/16 ({error})") from None


def _vpc_size(network: IPv4Network) -> IPv4Network:
    """AWS allows /16 to /28; document 000 asks for a /20 at least."""
    if not 16 <= network.prefixlen <= 20:
        raise ValueError("must be between /16 (AWS's largest VPC) and /20 (the smallest that holds the plane)")
    if not any(network.subnet_of(range_) for range_ in PRIVATE_RANGES):
        raise ValueError(f"must lie in one of {', '.join(map(str, PRIVATE_RANGES))}")
    return network


Cidr = Annotated[
    IPv4Network,
    BeforeValidator(_cidr),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+/[0-9]+$"}),
]
# The values that CloudWatch Logs accepts (PutRetentionPolicy), up to two years.
RetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
ZoneName = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]


class NetworkConfig(Model):
    """A new VPC."""

    cidr: Annotated[Cidr, AfterValidator(_vpc_size)] = Field(description="The VPC's range, /16 to /20.")
    zones: Literal[2, 3] | Annotated[list[ZoneName], Field(min_length=2, max_length=3)] = Field(
        description="How many availability zones, or their names: some zones have no EKS."
    )
    nat: Literal["one", "per_zone", "regional"] = Field(
        description="One NAT gateway for all zones, one in each, or AWS's regional NAT gateway."
    )
    public_subnet_prefix: int = Field(default=24, ge=16, le=28, description="Prefix length of a public subnet.")
    private_subnet_prefix: int | None = Field(
        default=None,
        ge=16,
        le=24,
        description="Prefix length of a private subnet; a quarter of the VPC if unset.",
    )
    flow_log_retention_days: RetentionDays = Field(default=30, description="How long flow logs are kept.")

    @property
    def zone_count(self) -> int:
        return self.zones if isinstance(self.zones, int) else len(self.zones)

    @property
    def private_prefix(self) -> int:
        """Nodes and pods live in the private subnets, so they share three quarters of the VPC."""
        return self.private_subnet_prefix or self.cidr.prefixlen + 2
