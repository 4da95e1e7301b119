"""Roles that trust the cluster's OIDC issuer: who may take them, and how pods learn which one is theirs."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]

ROLE, PROVIDER, ADDON = "AWS::IAM::Role", "AWS::IAM::OIDCProvider", "AWS::EKS::Addon"
ASSOCIATION = "AWS::EKS::PodIdentityAssociation"
ANNOTATION = "eks.amazonaws.com/role-arn"
ISSUER = "oidc.example/id/1"
# Role, service account; the efs-node role stays with Pod Identity.
IRSA = {
    "elb-controller": "kube-system:aws-load-balancer-controller",
    "karpenter": "kube-system:karpenter",
    "efs": "kube-system:efs-csi-controller-sa",
    "csi-ebs": "kube-system:ebs-csi-controller-sa",
    "vpc-cni": "kube-system:aws-node",
}


@pytest.fixture
def irsa(root: Path, templates: Templates) -> dict[str, Template]:
    """The templates of the environment that uses IRSA."""
    return templates((root / "tests/environments/irsa.yaml").read_text(encoding="utf-8"))


def trusts(stacks: dict[str, Template]) -> dict[str, tuple[Any, Raw]]:
    """By role without the cluster's name: the issuer's reference, and the trust policy with the issuer filled in."""
    found: dict[str, tuple[Any, Raw]] = {}
    for template in stacks.values():
        for _, properties in template.of_type(ROLE):
            if substitution := properties["AssumeRolePolicyDocument"].get("Fn::Sub"):
                text, variables = substitution
                assert variables.keys() == {"OidcIssuer"}
                document = json.loads(text.replace("${OidcIssuer}", ISSUER))
                found[properties["RoleName"].removeprefix("cp-euc1-irsa-")] = variables["OidcIssuer"], document
    return found


def annotations(values: Any) -> Iterator[tuple[str, str]]:
    """Service accounts of Helm values that name a role, with the role's ARN."""
    match values:
        case {"name": str() as name, "annotations": {"eks.amazonaws.com/role-arn": str() as arn}}:
            yield name, arn
        case dict():
            for value in values.values():
                yield from annotations(value)
        case _:
            return


def test_a_role_trusts_one_service_account_of_one_issuer_exactly(irsa: dict[str, Template]) -> None:
    documents = {role: document for role, (_, document) in trusts(irsa).items()}

    assert documents.keys() == IRSA.keys()
    for role, document in documents.items():
        [statement] = document["Statement"]
        assert statement == {
            "Sid": "AssumedByOneServiceAccount",
            "Effect": "Allow",
            "Principal": {"Federated": "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/" + ISSUER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{ISSUER}:aud": "sts.amazonaws.com",
                    f"{ISSUER}:sub": f"system:serviceaccount:{IRSA[role]}",
                }
            },
        }


def test_the_issuer_is_the_clusters_without_its_scheme_in_both_stacks(irsa: dict[str, Template]) -> None:
    issuers = {role: issuer for role, (issuer, _) in trusts(irsa).items()}

    [(cluster, _)] = irsa["Cluster"].of_type("AWS::EKS::Cluster")
    url = {"Fn::GetAtt": [cluster, "OpenIdConnectIssuerUrl"]}
    for role, issuer in issuers.items():
        index, split = issuer["Fn::Select"]
        separator, text = split["Fn::Split"]
        source = text["Fn::Sub"][1]["Url"]
        assert (index, separator, text["Fn::Sub"][0]) == (1, "//", "${Url}")
        assert source == url if role in ("vpc-cni", "csi-ebs") else "Fn::GetStackOutput" in source


def test_iam_knows_the_issuer_before_pods_ask_it_for_credentials(irsa: dict[str, Template]) -> None:
    cluster = irsa["Cluster"]

    [(provider, properties)] = cluster.of_type(PROVIDER)
    addons = {each["AddonName"]: logical_id for logical_id, each in cluster.of_type(ADDON)}
    assert properties["ClientIdList"] == ["sts.amazonaws.com"]
    assert properties["Url"]["Fn::GetAtt"][1] == "OpenIdConnectIssuerUrl"
    assert provider in cluster.resources[addons["vpc-cni"]]["DependsOn"]
    assert provider in cluster.resources[addons["aws-ebs-csi-driver"]]["DependsOn"]


def test_pods_get_their_role_from_their_service_account_and_from_nothing_else(
    irsa: dict[str, Template], releases_in: Releases
) -> None:
    releases = releases_in(irsa["Addons"])

    told = dict(found for release in releases.values() for found in annotations(release["Values"]))
    associations = [each["ServiceAccount"] for _, each in irsa["Addons"].of_type(ASSOCIATION)]
    addons = {each["AddonName"]: each for _, each in irsa["Cluster"].of_type(ADDON)}
    assert associations == ["efs-csi-node-sa"]
    assert told == {
        account.partition(":")[2]: f"arn:<AWS::Partition>:iam::<AWS::AccountId>:role/compute-plane/cp-euc1-irsa-{role}"
        for role, account in IRSA.items()
        if role not in ("vpc-cni", "csi-ebs")
    }
    for addon in ("vpc-cni", "aws-ebs-csi-driver"):
        assert addons[addon]["ServiceAccountRoleArn"]["Fn::GetAtt"][1] == "Arn"
        assert "PodIdentityAssociations" not in addons[addon]


def test_an_environment_on_pod_identity_has_no_issuer_in_iam(configuration: Raw, templates: Templates) -> None:
    stacks = templates(configuration)

    assert trusts(stacks) == {}
    assert [found for template in stacks.values() for found in template.of_type(PROVIDER)] == []
    assert "PodIdentityAssociations" in dict(stacks["Cluster"].of_type(ADDON)).popitem()[1]


def test_one_role_of_the_addons_stack_is_enough_for_an_issuer_in_iam(configuration: Raw, templates: Templates) -> None:
    configuration |= {"addons": {"aws-load-balancer-controller": {}}, "iam": {"identities": {"elb-controller": "irsa"}}}

    stacks = templates(configuration)

    assert len(list(stacks["Cluster"].of_type(PROVIDER))) == 1
    assert [re.sub("^test-", "", role) for role in trusts(stacks)] == ["elb-controller"]
