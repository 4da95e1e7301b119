"""Rules about the network."""

from compute_plane.config.errors import Problem
from compute_plane.config.network import NetworkConfig
from compute_plane.config.rules.rule import Problems, Rule, unique


def _subnets_fit(network: NetworkConfig) -> Problems:
    cidr = network.cidr
    if network.private_prefix <= cidr.prefixlen or network.public_subnet_prefix <= cidr.prefixlen:
        yield Problem(("network", "cidr"), str(cidr), "every subnet must be smaller than the VPC")
        return
    prefixes = (network.private_prefix, network.public_subnet_prefix)
    needed = sum(network.zone_count * 2 ** (32 - prefix) for prefix in prefixes)
    if needed > cidr.num_addresses:
        yield Problem(
            ("network", "cidr"),
            str(cidr),
            f"holds {cidr.num_addresses} addresses, but {network.zone_count} public /{network.public_subnet_prefix} "
            f"and {network.zone_count} private /{network.private_prefix} subnets need {needed}",
        )


def _zones_lie_in_region(region: str, network: NetworkConfig) -> Problems:
    if isinstance(network.zones, int):
        return
    for index, zone in enumerate(network.zones):
        if zone[:-1] != region:
            yield Problem(("network", "zones", index), zone, f"a zone of {region}, such as '{region}a'")
    yield from unique(("network", "zones"), network.zones)


RULES = (
    Rule(("network",), _subnets_fit),
    Rule(("region", "network"), _zones_lie_in_region),
)
