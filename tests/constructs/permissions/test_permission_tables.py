"""No row of the tables has gone stale: types, properties and actions are those of the registry and of IAM."""

import re
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from compute_plane.checks.actions import action
from compute_plane.permissions.assembly import Place
from compute_plane.permissions.corrections import table
from compute_plane.permissions.patterns import overlap
from compute_plane.permissions.plan import Plan
from compute_plane.permissions.registry import Registry

REGION = "eu-central-1"
PLACE = Place("111122223333", REGION)
WHOLE_TEMPLATE = {"SSM parameter", "value of another stack", "custom resource"}


def properties_of(resource_type: str) -> dict[str, Any]:
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema["properties"]


def listed_by(registry: Registry, resource_type: str) -> set[str]:
    return {name for actions in registry.handlers(resource_type).values() for name in actions}


@pytest.mark.parametrize("resource_type", sorted(table("properties")))
def test_every_condition_is_on_a_property_and_an_action_that_the_type_has(
    resource_type: str, registry: Registry
) -> None:
    rows = table("properties")[resource_type]

    paths = [re.split(r"[.=]", condition)[0] for condition in rows if condition != "(never)"]
    actions = {name for names in rows.values() for name in names}

    assert [path for path in paths if path not in properties_of(resource_type)] == []
    assert actions - listed_by(registry, resource_type) == set()


def test_nothing_counts_as_forgotten_that_a_handler_lists(registry: Registry) -> None:
    rows = [row for row in table("forgotten") if row["for"] not in WHOLE_TEMPLATE]

    assert rows
    assert [row for row in rows if set(row["actions"]) & listed_by(registry, row["for"])] == []
    assert all(row["reason"].endswith(".") for row in table("forgotten"))


@pytest.mark.parametrize("resource_type", sorted(table("resources")))
def test_every_resource_is_one_that_actions_of_its_type_know(resource_type: str, registry: Registry) -> None:
    row = table("resources")[resource_type]
    known = [action(name) for name in listed_by(registry, resource_type)]
    formats = {re.sub(r"\$\{\w+\}", "*", PLACE.filled(arn)) for found in known if found for arn in found.resource_arns}

    arns = [re.sub(r"\$\{\w+\}", "x", PLACE.filled(arn).replace("${Path}", "/")) for arn in row["arns"]]

    assert [arn for arn in arns if not any(overlap(arn, each) for each in formats)] == []
    assert {row[key] for key in ("name", "own_tags") if key in row} <= properties_of(resource_type).keys()


def test_every_narrowed_action_exists_and_says_why() -> None:
    rows = table("scopes")

    assert [row["action"] for row in rows if action(row["action"]) is None] == []
    assert [row["action"] for row in rows if not row["reason"].endswith(".")] == []


def test_every_type_that_makes_service_linked_roles_has_them_in_the_table(
    environment_plan: Plan, registry: Registry
) -> None:
    types = {source.resource_type for sources in environment_plan.execution.needs.values() for source in sources}
    makers = {each for each in types if "iam:CreateServiceLinkedRole" in listed_by(registry, each)}

    assert "AWS::EKS::Cluster" in makers
    assert makers - table("roles")["service_linked"].keys() == set()
