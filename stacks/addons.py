"""The Addons stack."""

from collections.abc import Mapping

from aws_cdk import CfnOutput, Environment
from constructs import Construct

from compute_plane.addons.layer import Addons
from compute_plane.charts import Chart
from compute_plane.cluster.layer import Cluster
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.data.layer import Data
from compute_plane.network.layer import Network
from stacks.plane_stack import PlaneStack


class AddonsStack(PlaneStack):
    """What is installed on the cluster."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: EnvironmentConfig,
        env: Environment,
        network: Network,
        cluster: Cluster,
        data: Data,
        charts: Mapping[str, Chart],
    ) -> None:
        super().__init__(scope, id, config=config, env=env)
        addons = Addons(
            self,
            "Addons",
            config=config,
            cluster=cluster,
            data=data,
            vpc_id=network.vpc.vpc_id,
            charts=charts,
        )
        for name, value in addons.outputs.items():
            CfnOutput(self, name, value=value)
