"""The role of worker nodes, for managed node groups and Karpenter alike."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from compute_plane.iam.role import role_from_documents

# Document 000's list, less what the nodes need no more: the CNI has its own role, and nodes only pull images.
MANAGED_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)


def node_role(scope: Construct, id: str, *, role_name: str) -> iam.CfnRole:
    """A node's role; AmazonSSMManagedInstanceCore reads every parameter, so the platform's secrets are denied."""
    return role_from_documents(
        scope,
        id,
        role_name=role_name,
        trust="trust-ec2",
        documents=["node-deny-secrets"],
        managed_policies=MANAGED_POLICIES,
        values={},
    )
