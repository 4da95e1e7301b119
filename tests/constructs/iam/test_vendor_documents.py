"""The documents of a vendor's role: what the vendor prints, and what is left of it where one cluster is named."""

import json
import re
from typing import Any

import pytest

from compute_plane.cluster.cross_account import BOUNDARY, TIGHTENED, VENDOR
from compute_plane.iam.acknowledgements import read_accepted
from compute_plane.iam.documents import POLICIES
from compute_plane.iam.flatten import as_list

Raw = dict[str, Any]

READS = re.compile(r"[a-z0-9-]+:(Batch)?(Check|Describe|Get|List)")
NAMES_THE_PLANE = re.compile(r"\$\{(ClusterName|VpcId|OidcIssuer)\}")
# What has no name and no tag, or belongs to AWS, or must name the instance beside it: see the reasons on record.
UNNAMED = {"LaunchFromImagesOfOthers", "OpenSessionChannels"}
ROLES = r"role/${ClusterName}.*.cluster-api-provider-aws.sigs.k8s.io"
GIVEN_UP = {
    "eks:AssociateIdentityProviderConfig",
    "eks:DisassociateIdentityProviderConfig",
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:CreateGroup",
    "iam:CreateUser",
    "iam:DeleteGroup",
    "iam:DetachGroupPolicy",
    "iam:GetGroup",
    "iam:GetUser",
    "iam:RemoveUserFromGroup",
    "kms:DescribeKey",
}


def statements(*documents: str) -> list[Raw]:
    return [
        statement
        for document in documents
        for statement in json.loads((POLICIES / f"{document}.json").read_text())["Statement"]
    ]


def actions(*documents: str) -> set[str]:
    return {action for statement in statements(*documents) for action in as_list(statement["Action"])}


def that_allow(action: str, *documents: str) -> list[Raw]:
    return [statement for statement in statements(*documents) if action in as_list(statement["Action"])]


def test_every_document_of_the_vendor_is_used_in_one_form() -> None:
    written = {file.stem for file in POLICIES.glob("spectro-*.json")}

    assert written == {*TIGHTENED, *VENDOR, BOUNDARY}
    # IAM attaches ten managed policies to a role.
    assert max(len(TIGHTENED), len(VENDOR)) <= 10


def test_the_tightened_form_adds_no_action_and_gives_up_exactly_what_the_decision_says() -> None:
    vendor, tightened = actions(*VENDOR), actions(*TIGHTENED)

    assert tightened - vendor == set()
    assert vendor - tightened == GIVEN_UP


def test_the_vendors_form_is_the_documents_own() -> None:
    controller = statements("spectro-vendor-controller", "spectro-vendor-controller-eks")

    assert len(controller) == 19
    assert "ec2:DeleteNetworkInterface" in as_list(controller[0]["Action"])  # document 002
    assert len(controller[0]["Action"]) == len(set(controller[0]["Action"])) == 67
    assert [statement["Resource"] for statement in that_allow("iam:PassRole", *VENDOR)] == [
        "arn:*:iam::*:role/*.cluster-api-provider-aws.sigs.k8s.io",
        "*",
    ]
    assert {name: len(statements(f"spectro-vendor-{name}")) for name in ("control-plane", "nodes", "deployment")} == {
        "control-plane": 1,
        "nodes": 3,
        "deployment": 1,
    }


def test_every_tightened_statement_that_changes_something_names_the_plane() -> None:
    changing = [
        statement
        for statement in statements(*TIGHTENED, BOUNDARY)
        if any(not READS.match(action) for action in as_list(statement["Action"]))
        and statement["Action"] != "iam:CreateServiceLinkedRole"
    ]

    unnamed = {statement["Sid"] for statement in changing if not NAMES_THE_PLANE.search(json.dumps(statement))}
    assert len(changing) > 60
    assert unnamed == UNNAMED


def test_roles_that_the_vendor_makes_are_named_bounded_and_get_known_policies_only() -> None:
    for action in ("iam:CreateRole", "iam:DeleteRole", "iam:AttachRolePolicy", "iam:DetachRolePolicy"):
        [statement] = that_allow(action, *TIGHTENED)

        assert statement["Resource"].endswith(ROLES)
        assert statement["Condition"]["StringEquals"] == {"iam:PermissionsBoundary": "${BoundaryArn}"}
    attached = that_allow("iam:AttachRolePolicy", *TIGHTENED)[0]["Condition"]["ArnLike"]["iam:PolicyARN"]
    assert not [policy for policy in attached if "*" in policy and "${ClusterName}." not in policy]


@pytest.mark.parametrize("action", ["sts:AssumeRole", "iam:PassRole", "iam:TagRole"])
def test_roles_that_the_vendor_uses_are_those_it_made(action: str) -> None:
    [statement] = that_allow(action, *TIGHTENED)

    assert statement["Resource"].endswith(ROLES)


def test_a_boundary_lets_no_role_write_permissions_or_take_another() -> None:
    assert actions(BOUNDARY)
    assert not [action for action in actions(BOUNDARY) if action.startswith(("iam:", "sts:"))]


def test_every_accepted_finding_names_a_document_and_gives_a_reason_of_its_own() -> None:
    for document, entries in read_accepted().items():
        assert (POLICIES / f"{document}.json").is_file()
        for entry in entries:
            assert set(entry) == {"rule", "reason", "details"}
            assert len(entry["reason"]) > 40
            assert entry["details"]
            quotes = "«" in entry["reason"]
            assert quotes or "-vendor" not in document, (document, entry["rule"])
