"""The four stacks of one environment."""

from collections.abc import Mapping
from datetime import date

from aws_cdk import Annotations, App, Environment, Tags

from compute_plane.charts import Chart
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.iam.every_role import configure_every_role
from compute_plane.kubernetes_releases import releases
from stacks.addons import AddonsStack
from stacks.cluster import ClusterStack
from stacks.data import DataStack
from stacks.network import NetworkStack


def add_stacks(
    app: App, *, config: EnvironmentConfig, env: Environment, charts: Mapping[str, Chart], today: date
) -> None:
    """Network first; Cluster and Data beside each other; Addons when both are there. `today` decides warnings."""
    for key, value in config.tags.items():
        Tags.of(app).add(key, value)
    configure_every_role(app, config.iam)
    network = NetworkStack(app, "Network", config=config, env=env).network
    cluster = ClusterStack(app, "Cluster", config=config, env=env, network=network).cluster
    if warning := releases()[config.cluster.version].warning(today):
        Annotations.of(cluster).add_warning_v2("compute-plane:kubernetes-support", warning)
    data = DataStack(app, "Data", config=config, env=env, network=network).data
    AddonsStack(app, "Addons", config=config, env=env, network=network, cluster=cluster, data=data, charts=charts)
