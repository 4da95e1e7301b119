"""Every name that something outside its stack needs, derived from the cluster's name in one place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from compute_plane.iam.placeholders import pseudo_parameters

# No region of any partition has a longer name; a template does not know where it will be launched.
LONGEST_REGION = "us-isof-south-1"

Scope = Literal["all accounts", "account", "region"]


@dataclass(frozen=True)
class DerivedName:
    """A derived name, the longest that AWS allows for its kind, and where no second one of its kind may have it."""

    kind: str
    value: str
    limit: int
    unique_in: Scope


@dataclass(frozen=True)
class Names:
    """Names of roles are document 000's, and `cluster` is a literal: IAM condition keys accept no CloudFormation token.

    Roles are global in an account. So `cluster` is unique in the account across its regions, or `region` (a literal
    or a token) is given and becomes part of every name that would clash.
    """

    cluster: str
    region: str | None = None
    role_path: str = "/"

    @property
    def prefix(self) -> str:
        """How every name begins that is unique in the account, except the role of managed nodes."""
        return f"{self.cluster}-{self.region}" if self.region else self.cluster

    def role_arn(self, role: str) -> str:
        """The ARN of one of these roles in the deployment's account, for those who need it before the role exists."""
        known = pseudo_parameters()
        return f"arn:{known['AWS::Partition']}:iam::{known['AWS::AccountId']}:role{self.role_path}{role}"

    def role_key(self, role: str) -> str:
        """A role's name without the cluster's, by which the configuration speaks of it."""
        return role.removeprefix(f"{self.prefix}-")

    @property
    def cluster_role(self) -> str:
        return f"{self.prefix}-cluster"

    @property
    def node_role(self) -> str:
        return f"initial-eks-node-group-{self.prefix}"

    @property
    def elb_controller_role(self) -> str:
        return f"{self.prefix}-elb-controller"

    @property
    def karpenter_role(self) -> str:
        return f"{self.prefix}-karpenter"

    @property
    def karpenter_node_role(self) -> str:
        """Also the name of Karpenter's instance profile."""
        return f"{self.prefix}-karpenter-node"

    @property
    def karpenter_queue(self) -> str:
        return f"{self.cluster}-karpenter"

    @property
    def efs_controller_role(self) -> str:
        return f"{self.prefix}-efs"

    @property
    def efs_node_role(self) -> str:
        return f"{self.prefix}-efs-node"

    @property
    def ebs_csi_role(self) -> str:
        return f"{self.prefix}-csi-ebs"

    @property
    def vpc_cni_role(self) -> str:
        return f"{self.prefix}-vpc-cni"

    @property
    def external_dns_role(self) -> str:
        return f"{self.prefix}-external-dns"

    @property
    def cluster_autoscaler_role(self) -> str:
        return f"{self.prefix}-cluster-autoscaler"

    @property
    def external_secrets_role(self) -> str:
        return f"{self.prefix}-external-secrets"

    @property
    def cert_manager_role(self) -> str:
        return f"{self.prefix}-cert-manager"

    @property
    def data_reader_role(self) -> str:
        """Of document 004's data access layer."""
        return f"{self.prefix}-dal"

    @property
    def platform_role(self) -> str:
        return f"{self.prefix}-platform-iam-role"

    @property
    def control_plane_log_group(self) -> str:
        """EKS writes to this name and no other (docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html)."""
        return f"/aws/eks/{self.cluster}/cluster"

    @property
    def flow_log_group(self) -> str:
        return f"/aws/vpc/{self.cluster}/flow-logs"

    def artifact_bucket(self, account: str) -> str:
        """Bucket names are unique in all accounts; document 000 asks for the `-ml` part."""
        return "-".join((self.cluster, "ml", account, *([self.region] if self.region else [])))

    def managed_policy(self, document: str) -> str:
        """Of the managed policy that is made from one document."""
        return f"{self.prefix}-{document}"

    def stack(self, layer: str) -> str:
        return f"{self.cluster}-{layer}"

    def derived(self) -> Iterator[DerivedName]:
        """Every derived name that AWS limits, in the region with the longest name if a region is part of them."""
        longest = replace(self, region=LONGEST_REGION) if self.region else self
        yield from longest.named("0" * 12)

    def named(self, account: str) -> Iterator[DerivedName]:
        """Every derived name that AWS limits, in an account."""
        roles = (name for name in dir(type(self)) if name.endswith("_role"))
        yield from (DerivedName("IAM role name", getattr(self, role), 64, "account") for role in roles)
        yield DerivedName("instance profile name", self.karpenter_node_role, 128, "account")
        policy = self.managed_policy("spectro-control-plane-load-balancing")  # the longest
        yield DerivedName("managed policy name", policy, 128, "account")
        yield DerivedName("SQS queue name", self.karpenter_queue, 80, "region")
        yield DerivedName("S3 bucket name", self.artifact_bucket(account), 63, "all accounts")
        yield DerivedName("EKS cluster name", self.cluster, 100, "region")
        yield DerivedName("log group name", self.control_plane_log_group, 512, "region")
        yield DerivedName("log group name", self.flow_log_group, 512, "region")
        yield DerivedName("stack name", self.stack("network"), 128, "region")
