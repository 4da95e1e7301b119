"""Every name that something outside its stack needs, derived from the cluster's name in one place."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class DerivedName:
    """A derived name and the longest that AWS allows for its kind."""

    kind: str
    value: str
    limit: int


@dataclass(frozen=True)
class Names:
    """Literal names, because they stand in IAM conditions, where CloudFormation accepts no token.

    Role names are document 000's. `cluster` must be unique in an account across its regions, since IAM is global.
    """

    cluster: str

    @property
    def cluster_role(self) -> str:
        return f"{self.cluster}-cluster"

    @property
    def node_role(self) -> str:
        return f"initial-eks-node-group-{self.cluster}"

    @property
    def elb_controller_role(self) -> str:
        return f"{self.cluster}-elb-controller"

    @property
    def karpenter_role(self) -> str:
        return f"{self.cluster}-karpenter"

    @property
    def karpenter_node_role(self) -> str:
        """Also the name of Karpenter's instance profile."""
        return f"{self.cluster}-karpenter-node"

    @property
    def karpenter_queue(self) -> str:
        return f"{self.cluster}-karpenter"

    @property
    def efs_controller_role(self) -> str:
        return f"{self.cluster}-efs"

    @property
    def efs_node_role(self) -> str:
        return f"{self.cluster}-efs-node"

    @property
    def ebs_csi_role(self) -> str:
        return f"{self.cluster}-csi-ebs"

    @property
    def vpc_cni_role(self) -> str:
        return f"{self.cluster}-vpc-cni"

    @property
    def external_dns_role(self) -> str:
        return f"{self.cluster}-external-dns"

    @property
    def cluster_autoscaler_role(self) -> str:
        return f"{self.cluster}-cluster-autoscaler"

    @property
    def external_secrets_role(self) -> str:
        return f"{self.cluster}-external-secrets"

    @property
    def cert_manager_role(self) -> str:
        return f"{self.cluster}-cert-manager"

    @property
    def data_reader_role(self) -> str:
        """Of document 004's data access layer."""
        return f"{self.cluster}-dal"

    @property
    def platform_role(self) -> str:
        return f"{self.cluster}-platform-iam-role"

    @property
    def control_plane_log_group(self) -> str:
        """EKS writes to this name and no other (docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html)."""
        return f"/aws/eks/{self.cluster}/cluster"

    @property
    def flow_log_group(self) -> str:
        return f"/aws/vpc/{self.cluster}/flow-logs"

    def artifact_bucket(self, account: str) -> str:
        """Bucket names are global, so the account id is part of it; document 000 asks for the `-ml` part."""
        return f"{self.cluster}-ml-{account}"

    def stack(self, layer: str) -> str:
        return f"{self.cluster}-{layer}"

    def derived(self) -> Iterator[DerivedName]:
        """Every derived name that AWS limits, for the check of configuration."""
        roles = (name for name in dir(type(self)) if name.endswith("_role"))
        yield from (DerivedName("IAM role name", getattr(self, role), 64) for role in roles)
        yield DerivedName("SQS queue name", self.karpenter_queue, 80)
        yield DerivedName("S3 bucket name", self.artifact_bucket("0" * 12), 63)
        yield DerivedName("stack name", self.stack("network"), 128)
