"""A permissions boundary and a path reach every role, and everything that names one."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

ROLE = "AWS::IAM::Role"
BOUNDARY = "arn:aws:iam::111122223333:policy/platform/boundary"


@pytest.fixture
def irsa(root: Path) -> str:
    """The environment whose roles stand below a path, within a boundary."""
    return (root / "tests/environments/irsa.yaml").read_text(encoding="utf-8")


def roles(stacks: dict[str, Template]) -> dict[str, Raw]:
    return {
        f"{stack}/{logical_id}": dict(properties)
        for stack, template in stacks.items()
        for logical_id, properties in template.of_type(ROLE)
    }


def test_every_role_has_the_boundary_and_the_path_and_so_have_those_that_cdk_makes(
    irsa: str, templates: Templates
) -> None:
    found = roles(templates(irsa))

    cdks = [role for role in found if "ServiceRole" in role or "CustomResourceProviderRole" in role]
    assert len(cdks) == 3
    assert len(found) > 10
    for role, properties in found.items():
        assert properties["Path"] == "/compute-plane/", role
        boundary = flatten(properties["PermissionsBoundary"])
        assert boundary == "arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/platform/compute-plane-boundary", role


def test_roles_have_neither_when_the_configuration_asks_for_neither(configuration: Raw, templates: Templates) -> None:
    found = roles(templates(configuration))

    assert len(found) > 5
    assert not any({"Path", "PermissionsBoundary"} & set(properties) for properties in found.values())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"permissions_boundary": BOUNDARY}, {"PermissionsBoundary": BOUNDARY}),
        ({"role_path": "/platform/"}, {"Path": "/platform/"}),
    ],
)
def test_a_boundary_and_a_path_stand_alone_too(
    settings: Raw, expected: Raw, configuration: Raw, templates: Templates
) -> None:
    found = roles(templates(configuration | {"iam": settings}))

    assert len(found) > 5
    for properties in found.values():
        assert {key: properties[key] for key in ("Path", "PermissionsBoundary") if key in properties} == expected


def test_an_arn_that_is_written_before_its_role_exists_has_the_path(irsa: str, templates: Templates) -> None:
    stacks = templates(irsa)

    [(_, file_system)] = stacks["Data"].of_type("AWS::EFS::FileSystem")
    [mount] = [each for each in file_system["FileSystemPolicy"]["Statement"] if each["Effect"] == "Allow"]
    assert [flatten(arn) for arn in mount["Condition"]["ArnEquals"]["aws:PrincipalArn"]] == [
        "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/compute-plane/cp-euc1-irsa-efs-node"
    ]


def test_no_arn_of_ours_is_written_without_the_path(irsa: str, templates: Templates) -> None:
    stacks = templates(irsa)

    own = {properties["RoleName"] for properties in roles(stacks).values() if "RoleName" in properties}
    text = json.dumps([template.resources for template in stacks.values()])
    written = {re.split(r'["\\]', part)[0] for part in text.split(":role/")[1:]}
    ours = {arn for arn in written if arn.rpartition("/")[2] in own}
    assert "Admin" in written
    assert ours == {f"compute-plane/cp-euc1-irsa-{role}" for role in ("elb-controller", "karpenter", "efs", "efs-node")}
