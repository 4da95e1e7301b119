"""Lets a vendor's account work on the cluster: documents 001 and 002."""

from collections.abc import Mapping

from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from compute_plane.config.cross_account import CrossAccountConfig
from compute_plane.iam.managed_policies import managed_policies
from compute_plane.iam.role import role_from_documents
from compute_plane.names import Names
from compute_plane.tags import free_tag_keys

BOUNDARY = "spectro-boundary"
# The documents' four policies are Controller, Control Plane, Nodes and Deployment; IAM's size limit splits some.
TIGHTENED = (
    "spectro-controller-network",
    "spectro-controller-compute",
    "spectro-controller-scaling",
    "spectro-controller-eks",
    "spectro-controller-roles",
    "spectro-control-plane",
    "spectro-control-plane-load-balancing",
    "spectro-nodes",
    "spectro-deployment",
)
VENDOR = (
    "spectro-vendor-controller",
    "spectro-vendor-controller-eks",
    "spectro-vendor-control-plane",
    "spectro-vendor-nodes",
    "spectro-vendor-deployment",
)


class CrossAccountAccess(Construct):
    """The vendor's role with its four policies, and in the tightened form a boundary for the roles it makes."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: CrossAccountConfig,
        vpc: ec2.IVpc,
        issuer_url: str,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id)
        role = role_from_documents(
            self,
            "Role",
            role_name=config.role_name,
            trust="trust-cross-account",
            values={"TrustedAccountId": config.account, "ExternalId": config.external_id},
        )
        self.outputs = {"CrossAccountRoleArn": role.attr_arn}
        """What the vendor has to be told, by name."""
        if config.form == "vendor":
            managed_policies(self, names=names, documents=VENDOR, values={}, roles=[role])
            return
        plane = {"ClusterName": names.cluster, "VpcId": vpc.vpc_id}
        tag_keys = free_tag_keys(tags, config.tag_keys)
        [boundary] = managed_policies(self, names=names, documents=[BOUNDARY], values={**plane, "TagKey": tag_keys})
        managed_policies(
            self,
            names=names,
            documents=TIGHTENED,
            values={
                **plane,
                "BoundaryArn": boundary.ref,
                "OidcIssuer": Fn.select(1, Fn.split("//", issuer_url)),
                "TagKey": tag_keys,
                "SubnetIds": [subnet.subnet_id for subnet in vpc.private_subnets],
            },
            roles=[role],
        )
        self.outputs["CrossAccountBoundaryArn"] = boundary.ref
