"""The add-ons layer: what is installed on the cluster, and the cluster's way to its data."""

from collections.abc import Mapping

from constructs import Construct

from compute_plane.addons import ADDONS
from compute_plane.addons.base import Plane
from compute_plane.addons.installer import AddonInstaller
from compute_plane.charts import Chart
from compute_plane.cluster.layer import Cluster
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.data.access import DataAccess
from compute_plane.data.layer import Data
from compute_plane.data.reader import DataReader
from compute_plane.empty_stack import acknowledge_empty_stack


class Addons(Construct):
    """The environment's add-ons, once the cluster has nodes for their pods."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: EnvironmentConfig,
        cluster: Cluster,
        data: Data,
        vpc_id: str,
        charts: Mapping[str, Chart],
    ) -> None:
        super().__init__(scope, id)
        security_group_id = cluster.cluster.cluster_security_group_id
        plane = Plane(
            cluster=cluster.cluster,
            cluster_security_group_id=security_group_id,
            names=config.names,
            region=config.region,
            vpc_id=vpc_id,
            node_pools=config.node_pools,
            tags=config.tags,
            identities=cluster.identities,
            file_system_id=data.file_system.file_system_id if data.file_system else None,
            volume_key_arn=config.cluster.volume_key_arn,
            highly_available=config.protection,
        )
        access = DataAccess(
            self,
            "DataAccess",
            cluster_security_group_id=security_group_id,
            files=data.file_system,
            postgres=data.database,
        )
        installer = AddonInstaller(
            self, "Installer", plane=plane, addons=ADDONS, settings=config.addon_settings, charts=charts
        )
        installer.node.add_dependency(cluster.nodes, access)
        self.outputs: dict[str, str] = {}
        """What people ask for after a deployment, by name."""
        if config.data.reader:
            self.outputs |= DataReader(self, "DataReader", plane=plane, config=config.data.reader).outputs
        if not (config.addon_settings or data.file_system or data.database or config.data.reader):
            acknowledge_empty_stack(self)
