"""Names that derive from the cluster's name."""

import pytest

from compute_plane.names import Names


def test_the_longest_derived_name_decides_how_long_the_clusters_may_be() -> None:
    fits, too_long = Names("a" * 41), Names("a" * 42)

    over = [derived for derived in too_long.derived() if len(derived.value) > derived.limit]

    assert all(len(derived.value) <= derived.limit for derived in fits.derived())
    assert [(derived.kind, derived.value) for derived in over] == [
        ("IAM role name", "initial-eks-node-group-" + "a" * 42)
    ]


@pytest.mark.parametrize("kind", ["IAM role name", "SQS queue name", "S3 bucket name", "stack name"])
def test_every_kind_of_name_that_aws_limits_is_checked(kind: str) -> None:
    kinds = {derived.kind for derived in Names("test").derived()}

    assert kind in kinds


def test_every_role_name_is_checked_and_no_two_are_alike() -> None:
    roles = [derived.value for derived in Names("test").derived() if derived.kind == "IAM role name"]

    assert len(roles) == len(set(roles)) == sum(name.endswith("_role") for name in dir(Names)) > 5


def test_role_names_are_the_requirement_documents() -> None:
    names = Names("tfy-usea1-demo")

    assert names.node_role == "initial-eks-node-group-tfy-usea1-demo"
    assert names.elb_controller_role == "tfy-usea1-demo-elb-controller"
    assert names.karpenter_role == "tfy-usea1-demo-karpenter"
    assert names.efs_controller_role == "tfy-usea1-demo-efs"
    assert names.ebs_csi_role == "tfy-usea1-demo-csi-ebs"
    assert names.artifact_bucket("111122223333") == "tfy-usea1-demo-ml-111122223333"
