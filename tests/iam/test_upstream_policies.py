"""The cases can fail: policies that others publish for the same controllers let attacks through that ours stop.

The published files are not in this repository; UPSTREAM_POLICIES names a folder that holds them.
"""

import os
from pathlib import Path

import pytest

from compute_plane.simulation.comparison import Comparison, compare, filled, markdown
from compute_plane.simulation.suite import Suite

FOLDER = os.environ.get("UPSTREAM_POLICIES")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="UPSTREAM_POLICIES names no folder of published policies")

# Table, name, files.
PUBLISHED = (
    ("elb-controller", "kubernetes-sigs/aws-load-balancer-controller", ["aws-load-balancer-controller"]),
    (
        "karpenter",
        "aws/karpenter-provider-aws",
        [
            f"karpenter-{part}Policy"
            for part in ("NodeLifecycle", "IAMIntegration", "EKSIntegration", "Interruption", "ResourceDiscovery")
        ],
    ),
    ("csi-ebs", "AmazonEBSCSIDriverPolicyV2", ["AmazonEBSCSIDriverPolicyV2"]),
    ("csi-ebs", "AmazonEBSCSIDriverEKSClusterScopedPolicy", ["AmazonEBSCSIDriverEKSClusterScopedPolicy"]),
    ("csi-ebs", "document 003", ["doc003-ebs-csi"]),
    ("efs", "kubernetes-sigs/aws-efs-csi-driver", ["efs-csi"]),
    ("vpc-cni", "aws/amazon-vpc-cni-k8s, scoped down", ["vpc-cni-scoped"]),
    ("external-dns", "document 003", ["doc003-external-dns"]),
    ("cluster-autoscaler", "document 003", ["doc003-cluster-autoscaler"]),
    ("platform", "truefoundry/terraform-aws-truefoundry-platform-features", ["truefoundry-platform"]),
)
# It names the same bucket, repositories and parameters as ours; what is wide is what it allows on the bucket.
AS_STRONG = {"platform"}


@pytest.fixture(scope="module")
def comparisons(suites: dict[str, Suite]) -> list[Comparison]:
    found: list[Comparison] = []
    for table, name, files in PUBLISHED:
        suite = next(suite for suite in suites.values() if table in suite.cases)
        plane = suite.plane
        values = {
            "AWS::AccountId": plane.account,
            "AWS::Partition": "aws",
            "AWS::Region": plane.region,
            "CLUSTER_NAME": plane.cluster,
            "ClusterName": plane.cluster,
            "KarpenterInterruptionQueue.Arn": f"arn:aws:sqs:{plane.region}:{plane.account}:{plane.cluster}-karpenter",
            "KarpenterNodeRole.Arn": f"arn:aws:iam::{plane.account}:role/{plane.cluster}-karpenter-node",
            "PlatformBucketName": f"{plane.cluster}-ml-{plane.account}",
            "VPC_ID": plane.identifier("AWS::EC2::VPC") or "",
        }
        documents = filled([Path(FOLDER or "", f"{file}.json") for file in files], values)
        cases = [case for case in suite.cases[table] if not case.request.action.startswith("sts:")]
        found.append(compare(table, name, cases, documents, plane.cluster))
    return found


def test_ours_stop_every_attack(comparisons: list[Comparison]) -> None:
    assert sum(sum(each.attacks.values()) for each in comparisons) > 100
    assert [each.line for each in comparisons if each.ours != sum(each.attacks.values())] == []


def test_what_others_publish_lets_attacks_through(comparisons: list[Comparison]) -> None:
    weak = [each for each in comparisons if each.role not in AS_STRONG]

    assert [each.line for each in weak if sum(each.stopped.values()) >= each.ours] == []


def test_the_comparison_says_these_numbers(comparisons: list[Comparison], root: Path) -> None:
    table = markdown(comparisons)

    assert table in (root / "docs" / "comparison.md").read_text(), f"stale: put this table there\n{table}"
