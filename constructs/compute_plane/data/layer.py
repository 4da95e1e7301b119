"""The data layer: what must outlive the plane. It needs the network alone, so it builds beside the cluster."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.config.data import DataConfig
from compute_plane.config.platform import PlatformConfig
from compute_plane.data.artifact_bucket import ArtifactBucket
from compute_plane.data.database import Database
from compute_plane.data.file_system import FileSystem
from compute_plane.data.platform_role import PlatformRole
from compute_plane.empty_stack import acknowledge_empty_stack
from compute_plane.names import Names


class Data(Construct):
    """The data services of the configuration; nobody may reach them yet (see DataAccess)."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: DataConfig,
        platform: PlatformConfig | None,
        protection: bool,
        vpc: ec2.IVpc,
    ) -> None:
        super().__init__(scope, id)
        self.file_system: FileSystem | None = None
        self.database: Database | None = None
        self.outputs: dict[str, str] = {}
        """What people ask for after a deployment, by name."""
        if not any((config.file_system, config.database, config.artifact_bucket)):
            acknowledge_empty_stack(self)
            return
        key = kms.Key(
            self,
            "Key",
            description=f"Data of {names.cluster}",
            enable_key_rotation=True,
            # Snapshots and retained data stay readable only as long as their key does.
            removal_policy=RemovalPolicy.RETAIN,
        )
        if config.file_system:
            self.file_system = FileSystem(self, "FileSystem", names=names, config=config.file_system, vpc=vpc, key=key)
            self.outputs["FileSystemId"] = self.file_system.file_system_id
        if config.database:
            self.database = Database(self, "Database", config=config.database, protection=protection, vpc=vpc, key=key)
            self.outputs["DatabaseEndpoint"] = self.database.endpoint
            self.outputs["DatabaseSecretArn"] = self.database.secret_arn
        if config.artifact_bucket:
            bucket = ArtifactBucket(self, "ArtifactBucket", names=names, config=config.artifact_bucket, key=key)
            self.outputs["ArtifactBucketName"] = bucket.bucket_name
            if platform:
                role = PlatformRole(self, "PlatformRole", names=names, config=platform, bucket=bucket, key=key)
                self.outputs["PlatformRoleArn"] = role.role_arn
