"""The KMS key of the plane's log groups."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.iam.documents import load
from compute_plane.names import Names


class LogsKey(Construct):
    """A key that CloudWatch Logs may use for the plane's own log groups and no others.

    Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """

    def __init__(self, scope: Construct, id: str, *, names: Names) -> None:
        super().__init__(scope, id)
        groups = [names.flow_log_group, names.control_plane_log_group]
        self.key = kms.Key(
            self,
            "Key",
            description=f"Log groups of {names.cluster}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,
            policy=iam.PolicyDocument.from_json(
                load("logs-key", values={"LogGroupArns": [self._arn(group) for group in groups]})
            ),
        )

    def _arn(self, group: str) -> str:
        return Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=group,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
