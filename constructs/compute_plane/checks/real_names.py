"""IAM4: actions and AWS managed policies that exist, because IAM takes any name and then grants nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.actions import matching
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import statements
from compute_plane.checks.template import Template
from compute_plane.checks.variants import NO_VALUE, variants
from compute_plane.iam.flatten import as_list, flatten

AWS_POLICY = re.compile(r"arn:(aws[a-z-]*|<AWS::Partition>):iam::aws:policy/(?P<name>.+)")
SERVICES_NEWER_THAN_THE_DATA = ("s3files",)
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html, those of the services that a
# compute plane uses. Of two of the driver's, that list and the driver's own guide give different paths.
MANAGED_POLICIES = {
    "AmazonEBSCSIDriverEKSClusterScopedPolicy",
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPowerUser",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSFargatePodExecutionRolePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSServicePolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonElasticContainerRegistryPublicReadOnly",
    "AmazonSSMManagedInstanceCore",
    "AWSXRayDaemonWriteAccess",
    "CloudWatchAgentServerPolicy",
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AmazonEBSCSIDriverEKSClusterScopedPolicy",
    "service-role/AmazonEBSCSIDriverPolicy",
    "service-role/AmazonEBSCSIDriverPolicyV2",
    "service-role/AmazonEFSCSIDriverPolicy",
    "service-role/AmazonRDSEnhancedMonitoringRole",
}
PRINCIPALS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


def real_names(template: Template) -> Iterator[Finding]:
    for statement in statements(template, "identity", "trust", "resource"):
        for action in statement.actions:
            if not _exists(action):
                yield statement.finding(f"Action::{action}")
    for logical_id, properties in template.of_type(*PRINCIPALS):
        for name in managed_policies(properties):
            if name.path and name.path not in MANAGED_POLICIES:
                yield Finding(logical_id, f"Policy::{name.path}")


def _exists(action: str) -> bool:
    if action == "*" or action.partition(":")[0] in SERVICES_NEWER_THAN_THE_DATA:
        return True
    return next(matching(action), None) is not None


class ManagedPolicy:
    """A managed policy that a principal carries. `path` is set for AWS's own, as in `service-role/Name`."""

    def __init__(self, source: Any) -> None:
        """`source` is the reference as the template has it."""
        self.source = source
        reference = flatten(source)
        found = AWS_POLICY.fullmatch(reference)
        self.path = found["name"] if found else None
        self.name = self.path.rpartition("/")[2] if self.path else reference


def managed_policies(properties: Any) -> list[ManagedPolicy]:
    """The managed policies that a principal carries in any variant of the template."""
    found: dict[str, Any] = {}
    for variant in variants(properties.get("ManagedPolicyArns")):
        found.update({flatten(policy): policy for policy in as_list(variant) if policy != NO_VALUE})
    return [ManagedPolicy(source) for source in found.values()]


RULES = (
    Rule(
        id="IAM4",
        title="Actions and AWS managed policies exist",
        why="000: «AmazonEC2ContainerRegistryReadOnlyPolicy - link»; 000: "
        "«AmazonEKSVPCResourceControllerPolicy - link», which are no names of AWS's",
        fix="Write the name as the Service Authorization Reference or the AWS Managed Policy Reference does; a "
        "name that is newer than the rules' list belongs into checks/real_names.py.",
        check=real_names,
        severity="fatal",
    ),
)
