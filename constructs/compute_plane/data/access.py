"""Opens the data services to the cluster."""

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from compute_plane.data import database, file_system


class DataAccess(Construct):
    """The only ingress of the data services: each one's port, from the cluster's security group.

    It stands in the Addons stack, because Data must not wait for the cluster, and is made of plain rules,
    because `allow_from` would make the two stacks depend on each other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster_security_group_id: str,
        files: file_system.FileSystem | None,
        postgres: database.Database | None,
    ) -> None:
        super().__init__(scope, id)
        ports = [
            *([("FileSystem", files.security_group, file_system.PORT)] if files else []),
            *([("Database", postgres.security_group, database.PORT)] if postgres else []),
        ]
        for id, group, port in ports:
            ec2.CfnSecurityGroupIngress(
                self,
                id,
                group_id=group.security_group_id,
                source_security_group_id=cluster_security_group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                description="From the cluster",
            )
