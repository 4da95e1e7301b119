"""IAM26 and IAM27 on entries whose policies, groups and principals are choices, parameters or other powers."""

from typing import Any

import pytest

from compute_plane.checks.access_entries import administrators, nodes
from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.template import Template

OURS = PlaneFacts(account="111122223333", cluster_name="cp", admins=("admin",))
ADMIN = "arn:aws:iam::111122223333:role/admin"
STRANGER = "arn:aws:iam::111122223333:role/stranger"
FOUND = [f"Principal::{STRANGER}"]


def policy(name: str, *namespaces: Any) -> dict[str, Any]:
    scope = {"Type": "namespace", "Namespaces": list(namespaces)} if namespaces else {"Type": "cluster"}
    return {"PolicyArn": f"arn:aws:eks::aws:cluster-access-policy/{name}", "AccessScope": scope}


def entry(policies: Any, principal: Any = STRANGER, **more: Any) -> Template:
    properties = {"PrincipalArn": principal, "AccessPolicies": policies, **more}
    return Template({"Resources": {"It": {"Type": "AWS::EKS::AccessEntry", "Properties": properties}}}, OURS)


def details(found: Any) -> list[str]:
    return [finding.detail for finding in found]


CLUSTER_ADMIN = policy("AmazonEKSClusterAdminPolicy")
NOTHING = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (entry([policy("AmazonEKSAdminPolicy")]), FOUND),
        (entry([policy("AmazonEKSSecretReaderPolicy")]), FOUND),
        (entry([policy("AmazonEKSAdminPolicy", "*")]), FOUND),
        (entry([policy("AmazonEKSAdminPolicy", "team-*")]), FOUND),
        (entry([policy("AmazonEKSAdminPolicy", {"Ref": "Given"})]), FOUND),
        (entry([policy("AmazonEKSAdminPolicy")], ADMIN), []),
        (entry([policy("AmazonEKSAdminPolicy", "team")]), []),
        (entry([policy("AmazonEKSViewPolicy")]), []),
    ],
)
def test_iam26_gives_power_over_all_namespaces_to_administrators_only(template: Template, expected: list[str]) -> None:
    assert details(administrators(template)) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (entry({"Fn::If": ["Wide", [CLUSTER_ADMIN], []]}), FOUND),
        (entry([{"Fn::If": ["Wide", CLUSTER_ADMIN, NOTHING]}]), FOUND),
        (entry([CLUSTER_ADMIN], {"Fn::If": ["Ours", ADMIN, STRANGER]}), FOUND),
        (entry([CLUSTER_ADMIN], {"Fn::If": ["Ours", ADMIN, ADMIN]}), []),
        (entry([{**CLUSTER_ADMIN, "PolicyArn": {"Ref": "Given"}}]), ["Policy::<Given>"]),
        (entry({"Ref": "Given"}), ["Policy::<Given>"]),
        (entry([], KubernetesGroups={"Fn::If": ["Wide", ["system:masters"], []]}), ["Group::system:masters"]),
        (entry([], KubernetesGroups=[{"Ref": "Given"}]), ["Group::<Given>"]),
        (entry([], KubernetesGroups={"Fn::If": ["Wide", ["viewers"], []]}), []),
    ],
)
def test_iam26_reads_every_choice_and_reports_what_only_the_deployment_knows(
    template: Template, expected: list[str]
) -> None:
    assert details(administrators(template)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"Fn::If": ["Nodes", "EC2_LINUX", "STANDARD"]}, [f"NotANode::{STRANGER}"]),
        ({"Ref": "Given"}, [f"NotANode::{STRANGER}"]),
        ({"Fn::If": ["Nodes", "STANDARD", NOTHING]}, []),
    ],
)
def test_iam27_reads_every_choice_of_a_type(kind: Any, expected: list[str]) -> None:
    assert details(nodes(entry([], Type=kind))) == expected
