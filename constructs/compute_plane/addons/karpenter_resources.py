"""What Karpenter needs of AWS: a queue of interruption events, and an identity for its nodes."""

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from compute_plane.iam.documents import load
from compute_plane.iam.node_role import node_role

# Karpenter's CloudFormation reference names these five (karpenter.sh/docs/reference/cloudformation).
EVENTS = {
    "HealthEvent": ("aws.health", "AWS Health Event"),
    "SpotInterruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "Rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "InstanceStateChange": ("aws.ec2", "EC2 Instance State-change Notification"),
    "CapacityReservation": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}


class InterruptionQueue(Construct):
    """Warns Karpenter of instances that AWS will take away, in time to drain them."""

    def __init__(self, scope: Construct, id: str, *, queue_name: str) -> None:
        super().__init__(scope, id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            retention_period=Duration.minutes(5),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
        )
        Validations.of(self.queue).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-SQS3",
                reason="A warning is worthless after minutes: Karpenter polls EC2 as well, so nothing is lost with it.",
            )
        )
        rules = [self._rule(id, source, detail_type) for id, (source, detail_type) in EVENTS.items()]
        sqs.CfnQueuePolicy(
            self,
            "Policy",
            queues=[self.queue.queue_url],
            policy_document=load(
                "karpenter-queue",
                values={
                    "InterruptionQueueArn": self.queue.queue_arn,
                    "InterruptionRuleArns": [rule.attr_arn for rule in rules],
                },
            ),
        )

    def _rule(self, id: str, source: str, detail_type: str) -> events.CfnRule:
        return events.CfnRule(
            self,
            id,
            event_pattern={"source": [source], "detail-type": [detail_type]},
            targets=[events.CfnRule.TargetProperty(id="Karpenter", arn=self.queue.queue_arn)],
        )


class NodeIdentity(Construct):
    """The role and instance profile of Karpenter's nodes, and their entry to the cluster.

    EKS makes an access entry for the roles of managed node groups only.
    """

    def __init__(self, scope: Construct, id: str, *, name: str, cluster_name: str) -> None:
        super().__init__(scope, id)
        self.role = node_role(self, "Role", role_name=name)
        self.instance_profile = iam.CfnInstanceProfile(
            self, "InstanceProfile", instance_profile_name=name, roles=[self.role.ref]
        )
        eks.CfnAccessEntry(
            self, "AccessEntry", cluster_name=cluster_name, principal_arn=self.role.attr_arn, type="EC2_LINUX"
        )
