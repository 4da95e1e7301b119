"""A record of the VPC's traffic."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from compute_plane.iam.role import role_from_documents


class FlowLogs(Construct):
    """All traffic of the VPC, in an encrypted log group of our own."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        key: kms.Key,
        log_group_name: str,
        retention_days: int,
    ) -> None:
        super().__init__(scope, id)
        group = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=log_group_name,
            kms_key_id=key.key_arn,
            retention_in_days=retention_days,
        )
        group.apply_removal_policy(RemovalPolicy.DESTROY)
        role = role_from_documents(
            self,
            "Role",
            trust="trust-flow-logs",
            documents=["flow-logs"],
            values={"LogGroupArn": group.attr_arn},
        )
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            deliver_logs_permission_arn=role.attr_arn,
            log_group_name=group.ref,
        )
