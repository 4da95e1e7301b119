"""The EFS file system."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_efs as efs
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.config.data import FileSystemConfig
from compute_plane.data.security_group import closed_security_group
from compute_plane.iam.documents import load
from compute_plane.names import Names

PORT = 2049


class FileSystem(Construct):
    """Encrypted, backed up, retained; mounted over TLS by the node driver's role and no other."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: FileSystemConfig,
        vpc: ec2.IVpc,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, id)
        # The role is made by the Addons stack, which comes later: a policy may name a principal by condition only.
        mount_role = names.role_arn(names.efs_node_role)
        file_system = efs.CfnFileSystem(
            self,
            "FileSystem",
            encrypted=True,
            kms_key_id=key.key_arn,
            throughput_mode=config.throughput_mode,
            backup_policy=efs.CfnFileSystem.BackupPolicyProperty(status="ENABLED"),
            lifecycle_policies=[
                efs.CfnFileSystem.LifecyclePolicyProperty(transition_to_ia=_after(config.infrequent_access_after_days)),
                efs.CfnFileSystem.LifecyclePolicyProperty(transition_to_primary_storage_class="AFTER_1_ACCESS"),
            ],
            file_system_policy=load("file-system", values={"MountRoleArns": [mount_role]}),
        )
        file_system.apply_removal_policy(RemovalPolicy.RETAIN)
        self.security_group = closed_security_group(
            self, "SecurityGroup", vpc=vpc, description=f"EFS of {names.cluster}"
        )
        for index, subnet in enumerate(vpc.private_subnets, start=1):
            efs.CfnMountTarget(
                self,
                f"MountTarget{index}",
                file_system_id=file_system.ref,
                subnet_id=subnet.subnet_id,
                security_groups=[self.security_group.security_group_id],
            )
        self.file_system_id = file_system.ref


def _after(days: int) -> str:
    """EFS's own spelling of a number of days."""
    return f"AFTER_{days}_DAY{'S' if days > 1 else ''}"
