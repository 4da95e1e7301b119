"""The Data stack."""

from aws_cdk import CfnOutput, Environment
from constructs import Construct

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.data.layer import Data
from compute_plane.network.layer import Network
from stacks.plane_stack import PlaneStack


class DataStack(PlaneStack):
    """What outlives the plane."""

    def __init__(
        self, scope: Construct, id: str, *, config: EnvironmentConfig, env: Environment, network: Network
    ) -> None:
        super().__init__(scope, id, config=config, env=env)
        self.data = Data(
            self,
            "Data",
            names=config.names,
            config=config.data,
            platform=config.iam.platform,
            protection=config.protection,
            vpc=network.vpc,
        )
        for name, value in self.data.outputs.items():
            CfnOutput(self, name, value=value)
