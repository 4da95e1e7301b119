"""Names that derive from the cluster's name."""

from itertools import product

import pytest
from boto3.session import Session

from compute_plane.names import LONGEST_REGION, Names

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-central-1", "us-east-1")


def test_the_longest_derived_name_decides_how_long_the_clusters_may_be() -> None:
    fits, too_long = Names("a" * 41), Names("a" * 42)

    over = [derived for derived in too_long.derived() if len(derived.value) > derived.limit]

    assert all(len(derived.value) <= derived.limit for derived in fits.derived())
    assert [(derived.kind, derived.value) for derived in over] == [
        ("IAM role name", "initial-eks-node-group-" + "a" * 42)
    ]


def test_a_region_in_the_names_leaves_less_room_for_the_clusters_whatever_region_it_is() -> None:
    fits, too_long = Names("a" * 25, region="eu-west-1"), Names("a" * 26, region="${Token[AWS.Region.1]}")

    over = [derived.value for derived in too_long.derived() if len(derived.value) > derived.limit]

    assert all(len(derived.value) <= derived.limit for derived in fits.derived())
    assert over == [f"initial-eks-node-group-{'a' * 26}-{LONGEST_REGION}"]


def test_no_region_has_a_longer_name_than_the_one_that_is_counted() -> None:
    session = Session()

    regions = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("iam", partition) + session.get_available_regions("eks", partition)
    ]

    assert len(regions) > 20
    assert max(map(len, regions)) <= len(LONGEST_REGION)


@pytest.mark.parametrize(
    "kind", ["IAM role name", "instance profile name", "SQS queue name", "S3 bucket name", "stack name"]
)
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
    assert names.platform_role == "tfy-usea1-demo-platform-iam-role"
    assert names.artifact_bucket("111122223333") == "tfy-usea1-demo-ml-111122223333"


def places(with_region: bool) -> list[tuple[str, ...]]:
    """Every name of one cluster in two accounts and two regions, with the place in which it must be the only one."""
    found: list[tuple[str, ...]] = []
    for account, region in product(ACCOUNTS, REGIONS):
        scopes = {"all accounts": (), "account": (account,), "region": (account, region)}
        names = Names("tfy-demo", region=region if with_region else None)
        found += [(each.kind, each.value, *scopes[each.unique_in]) for each in names.named(account)]
    return found


def test_one_template_launched_in_two_accounts_and_two_regions_makes_no_name_twice() -> None:
    clashing, unique = places(with_region=False), places(with_region=True)

    assert len(set(clashing)) < len(clashing)
    assert len(set(unique)) == len(unique)


def test_names_with_a_region_still_begin_with_the_clusters() -> None:
    names = Names("tfy-demo", region="eu-central-1")

    others = [each.value for each in names.named(ACCOUNTS[0]) if not each.value.startswith("tfy-demo")]

    assert others == [names.node_role, names.control_plane_log_group, names.flow_log_group]
    assert names.node_role == "initial-eks-node-group-tfy-demo-eu-central-1"
    assert names.role_key(names.karpenter_role) == "karpenter"


def test_a_roles_arn_has_its_path() -> None:
    names = Names("demo", role_path="/platform/")

    assert names.role_arn(names.karpenter_role).endswith(":role/platform/demo-karpenter")
    assert Names("demo").role_arn("demo-karpenter").endswith(":role/demo-karpenter")
