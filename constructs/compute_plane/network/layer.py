"""The network layer: a VPC for the plane, its egress, and a record of its traffic."""

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from compute_plane.config.network import NetworkConfig
from compute_plane.names import Names
from compute_plane.network.flow_logs import FlowLogs
from compute_plane.network.logs_key import LogsKey
from compute_plane.network.vpc import PlaneVpc


class Network(Construct):
    """A VPC with a public and a private subnet in every zone."""

    def __init__(self, scope: Construct, id: str, *, names: Names, config: NetworkConfig) -> None:
        super().__init__(scope, id)
        self.vpc: ec2.IVpc = PlaneVpc(self, "Vpc", names=names, config=config).vpc
        self.logs_key = LogsKey(self, "LogsKey", names=names).key
        FlowLogs(
            self,
            "FlowLogs",
            vpc=self.vpc,
            key=self.logs_key,
            log_group_name=names.flow_log_group,
            retention_days=config.flow_log_retention_days,
        )
