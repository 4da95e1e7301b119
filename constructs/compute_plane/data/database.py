"""The PostgreSQL database."""

from typing import cast

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from compute_plane.config.data import DatabaseConfig
from compute_plane.data.security_group import closed_security_group

PORT = 5432
ADMINISTRATOR = "compute_plane"


class Database(Construct):
    """One RDS instance: RDS rotates the administrator's password, TLS is forced, removal leaves a snapshot."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: DatabaseConfig,
        protection: bool,
        vpc: ec2.IVpc,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, id)
        version = rds.PostgresEngineVersion.of(config.engine_version, config.engine_version.partition(".")[0])
        engine = rds.DatabaseInstanceEngine.postgres(version=version)
        self.security_group = closed_security_group(self, "SecurityGroup", vpc=vpc, description="PostgreSQL")
        instance = rds.DatabaseInstance(
            self,
            "Instance",
            engine=engine,
            instance_type=ec2.InstanceType(config.instance_class.removeprefix("db.")),
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            security_groups=[self.security_group],
            credentials=rds.Credentials.from_username(ADMINISTRATOR),
            manage_master_user_password=True,
            parameters={"rds.force_ssl": "1"},
            storage_type=rds.StorageType.GP3,
            allocated_storage=config.storage_gib,
            max_allocated_storage=config.max_storage_gib,
            storage_encrypted=True,
            storage_encryption_key=key,
            multi_az=config.multi_az,
            backup_retention=Duration.days(config.backup_retention_days),
            delete_automated_backups=False,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=False,
            deletion_protection=protection,
            removal_policy=RemovalPolicy.SNAPSHOT,
        )
        resource = cast(rds.CfnDBInstance, instance.node.default_child)
        resource.master_user_secret = rds.CfnDBInstance.MasterUserSecretProperty(kms_key_id=key.key_arn)
        self.endpoint = instance.db_instance_endpoint_address
        self.secret_arn = resource.attr_master_user_secret_secret_arn
        _acknowledge(instance, config=config, protection=protection)


def _acknowledge(instance: rds.DatabaseInstance, *, config: DatabaseConfig, protection: bool) -> None:
    reasons = {"AwsSolutions-RDS11": "Only the cluster's security group reaches the port, so hiding it gains nothing."}
    if not config.multi_az:
        reasons["AwsSolutions-RDS3"] = "The operator chose one zone (data.database.multi_az: false)."
    if not protection:
        reasons["AwsSolutions-RDS10"] = "The operator left protection off; removal still leaves a snapshot."
    Validations.of(instance).acknowledge(
        *(Acknowledgment(id=f"AwsSolutions::{rule}", reason=reason) for rule, reason in reasons.items())
    )
