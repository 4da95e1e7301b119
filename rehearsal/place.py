"""The account and region that are rehearsed, and the names AWS derives from them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One account in one region."""

    account: str
    region: str
    zones: tuple[str, ...]

    @property
    def partition(self) -> str:
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def url_suffix(self) -> str:
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str) -> str:
        """An ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def place_of(account: str, region: str) -> Place:
    """The account and region with the availability zones that moto has for it."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    zones = RegionsAndZonesBackend.zones
    if region not in zones:
        raise ValueError(f"no region {region!r}; expected one of {sorted(zones)}")
    return Place(account, region, tuple(sorted(zone.name for zone in zones[region])))
