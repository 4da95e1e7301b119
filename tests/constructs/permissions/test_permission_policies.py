"""The policies of every environment: what AWS accepts, nothing that grants nothing, nothing wider than it could be."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from compute_plane.checks.actions import Action, action
from compute_plane.permissions.assembly import Place
from compute_plane.permissions.documents import LONGEST, MOST, documents, size
from compute_plane.permissions.need import as_list
from compute_plane.permissions.plan import Plan
from compute_plane.permissions.statements import acts_on, statements

Raw = dict[str, Any]
PLACE = Place("111122223333", "eu-central-1")
GLOBAL_KEYS = ("aws:RequestedRegion",)


def all_statements(plan: Plan) -> list[Any]:
    return [each for part in plan.parts("all") for found in part.documents.values() for each in found["Statement"]]


def grants(plan: Plan) -> Iterator[tuple[Action, str, Any]]:
    for statement in all_statements(plan):
        for name, resource in itertools.product(as_list(statement["Action"]), as_list(statement["Resource"])):
            known = action(name)
            assert known is not None, name
            yield known, resource, statement


def test_every_policy_fits_and_a_role_can_take_all_of_them(environment_plan: Plan) -> None:
    for part in environment_plan.parts("all"):
        assert 0 < len(part.documents) <= MOST
        assert {name: size(document) for name, document in part.documents.items() if size(document) > LONGEST} == {}


def test_statements_have_sids_of_their_own(environment_plan: Plan) -> None:
    sids = [statement["Sid"] for statement in all_statements(environment_plan)]

    assert len(sids) > 50
    assert [sid for sid in sids if not re.fullmatch(r"[A-Za-z0-9]+", sid)] == []
    assert len(set(sids)) == len(sids)


def test_the_policies_grant_what_is_needed_and_nothing_else(environment_plan: Plan) -> None:
    for part in environment_plan.parts("all"):
        needed = {(need.action, need.resource) for need in part.needs}

        granted = {
            (name, resource)
            for found in part.documents.values()
            for statement in found["Statement"]
            for name in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
            if resource == "*" or acts_on(name, resource, PLACE)
        }

        assert granted == needed


def test_a_wildcard_stands_only_where_an_action_has_no_resource_level(environment_plan: Plan) -> None:
    found = list(grants(environment_plan))

    assert [known.name for known, _, _ in found if "*" in known.name] == []
    assert [known.name for known, resource, _ in found if resource == "*" and known.resource_types] == []
    starred = [statement for _, resource, statement in found if resource == "*"]
    assert starred
    assert {each["Sid"] for each in starred if "aws:RequestedRegion" not in str(each)} == {"AskWhoItIs"}


def test_no_statement_names_a_resource_or_a_condition_that_none_of_its_actions_knows(environment_plan: Plan) -> None:
    for statement in all_statements(environment_plan):
        actions = as_list(statement["Action"])
        for resource in as_list(statement["Resource"]):
            assert resource == "*" or any(acts_on(name, resource, PLACE) for name in actions), (statement, resource)
        keys = {key for tests in statement.get("Condition", {}).values() for key in tests if key not in GLOBAL_KEYS}
        for name, key in itertools.product(actions, keys):
            known = action(name)
            plain = re.sub(r"^(aws:(Resource|Request)Tag)/.*", r"\1/${TagKey}", key)
            assert known is not None and plain in known.condition_keys, (name, key)


def test_roles_are_passed_by_name_and_to_named_services(environment_plan: Plan) -> None:
    passed = [
        (resource, statement) for known, resource, statement in grants(environment_plan) if known.name == "iam:PassRole"
    ]

    assert passed
    for resource, statement in passed:
        assert re.search(r":role/\S*[a-z0-9]{3}", resource)
        assert statement["Condition"]["StringEquals"].keys() == {"iam:PassedToService"}


def test_service_linked_roles_are_those_of_the_named_service(environment_plan: Plan) -> None:
    linked = [each for each in grants(environment_plan) if each[0].name == "iam:CreateServiceLinkedRole"]

    assert linked
    for _, resource, statement in linked:
        service = statement["Condition"]["StringEquals"]["iam:AWSServiceName"]
        assert f":role/aws-service-role/{service}/AWSServiceRoleFor" in resource
        assert "*" not in resource


def test_nothing_is_left_out_but_actions_that_the_data_does_not_know(environment_plan: Plan) -> None:
    assert [each for each in environment_plan.left_out if "no such action" not in each] == []


def test_the_same_needs_in_another_order_give_the_same_policies(prod_plan: Plan) -> None:
    reordered = statements(reversed(list(prod_plan.execution.needs)), PLACE)

    assert documents(reordered, "ours-execution") == prod_plan.execution.documents


def test_who_deploys_assumes_the_bootstrap_roles_and_nothing_more(prod_plan: Plan) -> None:
    names = {
        known.name
        for known, _, statement in grants(prod_plan)
        if statement in prod_plan.deployer.documents["ours-deployer"]["Statement"]
    }
    roles = [need.resource for need in prod_plan.deployer.needs if need.action == "sts:AssumeRole"]

    assert names == {"sts:AssumeRole", "sts:GetCallerIdentity", "ssm:GetParameter"}
    assert len(roles) == 3
    assert all(re.fullmatch(r"arn:aws:iam::111122223333:role/cdk-hnb659fds-[a-z-]+-role-\S+", each) for each in roles)


@pytest.mark.parametrize("length", [1, 40])
def test_a_statement_that_is_too_long_is_cut_between_its_actions(length: int) -> None:
    arns = [f"arn:aws:s3:::bucket-{number:03}" for number in range(180)]
    statement = {
        "Sid": "Long",
        "Effect": "Allow",
        "Action": [f"s3:Action{n}{'x' * length}" for n in range(60)],
        "Resource": arns,
    }

    found = documents([statement], "ours")

    pages = [page["Statement"] for page in found.values()]
    assert [name for page in pages for each in page for name in each["Action"]] == statement["Action"]
    assert all(size(document) <= LONGEST for document in found.values())
    assert list(found) == [f"ours-{number}" for number in range(1, len(found) + 1)] or list(found) == ["ours"]


def test_one_action_that_fits_no_policy_is_an_error() -> None:
    statement = {"Sid": "Long", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["x" * 7000]}

    with pytest.raises(ValueError, match="Long: one action with more resources"):
        documents([statement], "ours")
