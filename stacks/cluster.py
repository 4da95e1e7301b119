"""The Cluster stack."""

from aws_cdk import CfnOutput, Environment
from constructs import Construct

from compute_plane.cluster.layer import Cluster
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.network.layer import Network
from stacks.plane_stack import PlaneStack


class ClusterStack(PlaneStack):
    """An EKS cluster with its nodes."""

    def __init__(
        self, scope: Construct, id: str, *, config: EnvironmentConfig, env: Environment, network: Network
    ) -> None:
        super().__init__(scope, id, config=config, env=env)
        self.cluster = Cluster(
            self,
            "Cluster",
            names=config.names,
            config=config.cluster,
            access=config.access,
            iam=config.iam,
            node_groups=config.node_groups,
            tags=config.tags,
            protection=config.protection,
            vpc=network.vpc,
            logs_key=network.logs_key,
        )
        connect = f"aws eks update-kubeconfig --region {config.region} --name {config.name}"
        CfnOutput(self, "UpdateKubeconfig", value=connect, description="Points kubectl at the cluster")
        for name, value in self.cluster.outputs.items():
            CfnOutput(self, name, value=value)
