"""The four stacks of one environment."""

from collections.abc import Mapping

from aws_cdk import App, Environment, Tags

from compute_plane.charts import Chart
from compute_plane.config.environment import EnvironmentConfig
from stacks.addons import AddonsStack
from stacks.cluster import ClusterStack
from stacks.data import DataStack
from stacks.network import NetworkStack


def add_stacks(app: App, *, config: EnvironmentConfig, env: Environment, charts: Mapping[str, Chart]) -> None:
    """Network first; Cluster and Data beside each other; Addons when both are there."""
    for key, value in config.tags.items():
        Tags.of(app).add(key, value)
    network = NetworkStack(app, "Network", config=config, env=env).network
    cluster = ClusterStack(app, "Cluster", config=config, env=env, network=network).cluster
    data = DataStack(app, "Data", config=config, env=env, network=network).data
    AddonsStack(app, "Addons", config=config, env=env, network=network, cluster=cluster, data=data, charts=charts)
