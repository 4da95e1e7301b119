"""The Network stack."""

from aws_cdk import Environment, Fn
from constructs import Construct

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.network.layer import Network
from stacks.plane_stack import PlaneStack


class NetworkStack(PlaneStack):
    """A VPC for the plane."""

    def __init__(self, scope: Construct, id: str, *, config: EnvironmentConfig, env: Environment) -> None:
        super().__init__(scope, id, config=config, env=env)
        self._zones = config.network.zones
        self.network = Network(self, "Network", names=config.names, config=config.network)

    @property
    def availability_zones(self) -> list[str]:
        """From the configuration: CDK itself would look them up in AWS while it synthesizes."""
        if isinstance(self._zones, int):
            return [Fn.select(index, Fn.get_azs()) for index in range(self._zones)]
        return list(self._zones)
