"""The policy documents themselves, as a reviewer would hold them to the style guide."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from compute_plane.iam.documents import POLICIES, load, load_each, placeholders
from compute_plane.iam.flatten import as_list
from compute_plane.iam.placeholders import DocumentError, Value

NAMES = sorted(file.stem for file in POLICIES.glob("*.json"))
NAME_OF_OURS = re.compile(r"\$\{(?!AWS::)[^}]+\}")
READS = re.compile(r"[a-z0-9-]+:(Batch)?(Check|Describe|Get|List|Receive)")
LAUNCHES = {"ec2:RunInstances", "ec2:CreateFleet"}


def values_for(*documents: str) -> dict[str, Value]:
    names = placeholders(*documents)
    return {name: [f"arn:{name}"] if name.endswith("Arns") else f"arn:{name}" for name in names}


def statements(name: str) -> list[dict[str, Any]]:
    return json.loads((POLICIES / f"{name}.json").read_text())["Statement"]


def permissions() -> Iterator[tuple[str, dict[str, Any]]]:
    """What roles are allowed: a statement with a principal belongs to a resource or a trust policy.

    The vendors' documents are left out: they are word for word theirs, and our rules find what is wide in them.
    """
    for name in NAMES:
        if "-vendor" in name:
            continue
        for statement in statements(name):
            if statement["Effect"] == "Allow" and "Principal" not in statement:
                yield name, statement


def unnamed(resource: str) -> bool:
    """Whether a wildcard stands in it with nothing of this plane before it."""
    return "*" in resource and not NAME_OF_OURS.search(resource.partition("*")[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_document_loads_with_values_for_its_placeholders(name: str) -> None:
    document = load(name, values=values_for(name))

    assert document["Version"] == "2012-10-17"
    assert len(document["Statement"]) == len(statements(name))
    assert not re.search(r"\$\{(?!Token\[|aws:)", json.dumps(document))


def test_no_role_is_allowed_a_wildcard_action() -> None:
    actions = [action for _, statement in permissions() for action in as_list(statement["Action"])]

    assert len(actions) > 100
    assert not [action for action in actions if "*" in action]


def test_every_statement_that_changes_something_on_a_wildcard_is_pinned_by_a_condition_or_by_a_name_of_ours() -> None:
    def changes(statement: dict[str, Any]) -> bool:
        return any(not READS.match(action) for action in as_list(statement["Action"]))

    wide = [
        (name, statement)
        for name, statement in permissions()
        if changes(statement) and any(unnamed(resource) for resource in as_list(statement.get("Resource")))
    ]

    assert len(wide) > 20
    assert {statement["Sid"] for _, statement in wide if "Condition" not in statement} == {
        "AttachWebAclsToLoadBalancersOfControllers"
    }


def test_a_launch_without_the_clusters_tags_satisfies_no_statement_about_instances() -> None:
    about_instances = [
        statement
        for statement in statements("karpenter")
        if LAUNCHES & set(as_list(statement["Action"]))
        and any(":instance/" in resource for resource in as_list(statement["Resource"]))
    ]

    assert [statement["Sid"] for statement in about_instances] == ["LaunchTaggedInstances"]
    assert about_instances[0]["Condition"]["StringEquals"] == {
        "aws:RequestTag/kubernetes.io/cluster/${ClusterName}": "owned",
        "aws:RequestTag/eks:eks-cluster-name": "${ClusterName}",
    }


def test_the_volume_key_stands_only_in_the_option_for_it() -> None:
    without = load_each("ebs-csi-controller", values={"ClusterName": "cp"})
    with_key = load("ebs-csi-controller", "kms", values={"ClusterName": "cp", "VolumeKeyArn": "arn:key"})

    assert "kms:" not in json.dumps(without)
    assert {"kms:CreateGrant"} <= {
        action for statement in with_key["Statement"] for action in as_list(statement["Action"])
    }


def test_options_are_appended_in_the_order_given() -> None:
    values = values_for("karpenter", "reserved-capacity")

    documents = load_each("karpenter", "reserved-capacity", values=values)

    assert list(documents) == ["karpenter", "karpenter-reserved-capacity"]
    joined = load("karpenter", "reserved-capacity", values=values)
    assert joined["Statement"][-1]["Sid"] == "LaunchInOurReservedCapacity"


def test_an_unknown_role_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DocumentError, match=r"no policy document 'karpentr'; expected one of .*'karpenter'"):
        load("karpentr", values={})


def test_a_value_that_no_document_uses_is_refused_with_those_that_are() -> None:
    with pytest.raises(DocumentError, match=r"uses the given \$\{Bucket\}; cluster-encryption use"):
        load("cluster-encryption", values={"ClusterKeyArn": "arn:key", "Bucket": "b"})


def test_a_missing_value_is_refused_with_the_file_and_the_placeholder() -> None:
    with pytest.raises(
        DocumentError, match=r"vpc-cni\.json, Sid \w+: no value for \$\{VpcId\}; allowed are .*ClusterName"
    ):
        load("vpc-cni", values={"ClusterName": "cp"})


def test_a_sid_may_not_stand_twice_in_one_roles_documents(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    statement = {"Sid": "Same", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:b"}
    for name in ("role", "role-more"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    monkeypatch.setattr("compute_plane.iam.documents.POLICIES", tmp_path)

    load("role", values={})
    with pytest.raises(DocumentError, match=r"role-more\.json: the Sid 'Same' stands twice"):
        load("role", "more", values={})
