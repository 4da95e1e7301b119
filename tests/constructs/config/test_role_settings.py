"""What can be wrong with the settings of roles, and what they say of a role."""

from collections.abc import Callable
from typing import Any, get_args

import pytest

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.iam import WorkloadRole
from compute_plane.config.rules import roles
from compute_plane.names import Names

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]
Load = Callable[[Raw | str], EnvironmentConfig]

BOUNDARY = "arn:aws:iam::111122223333:policy/platform/boundary"


# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_name_has_the_prefix",
        {"name": "tfydemo", "iam": {"name_prefix": "tfy-"}},
        "name: 'tfydemo': must begin with iam.name_prefix, 'tfy-'",
        {"name": "tfy-demo", "iam": {"name_prefix": "tfy-"}},
    ),
    (
        "_boundary_lies_in_the_account",
        {"account": "444455556666", "iam": {"permissions_boundary": BOUNDARY}},
        f"iam.permissions_boundary: '{BOUNDARY}': must be a policy of account 444455556666, or of AWS",
        {"account": "111122223333", "iam": {"permissions_boundary": BOUNDARY}},
    ),
    (
        "_boundary_lies_in_the_account",
        {"account": "444455556666", "iam": {"permissions_boundary": BOUNDARY}},
        "iam.permissions_boundary: ",
        {"account": "444455556666", "iam": {"permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess"}},
    ),
]


def test_every_rule_about_roles_has_a_case() -> None:
    rules = {rule.check.__name__ for rule in roles.RULES}

    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_about_roles_finds_what_breaks_it_and_nothing_else(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | breaking)
    nothing = problems(configuration | satisfying)

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("identity", "oidc", "iam.identity: 'oidc': expected one of pod_identity, irsa"),
        ("identities", {"karpenter": "oidc"}, "iam.identities.karpenter: 'oidc': expected one of pod_identity, irsa"),
        (
            "identities",
            {"karpentr": "irsa"},
            "iam.identities.karpentr: 'karpentr': expected one of elb-controller, karpenter, efs, efs-node, csi-ebs, "
            "vpc-cni, external-dns, cluster-autoscaler, external-secrets, cert-manager, dal; "
            "did you mean 'karpenter'?",
        ),
        ("role_path", "platform", "iam.role_path: 'platform': expected text of the form ^/("),
        ("role_path", "/platform", "iam.role_path: '/platform': expected text of the form ^/("),
        ("role_path", "//", "iam.role_path: '//': expected text of the form ^/("),
        ("role_path", f"/{'a' * 511}/", "iam.role_path: '/aaa"),
        ("role_path", "/aws-service-role/a/", "iam.role_path: '/aws-service-role/a/': must not begin with one of /aws"),
        ("permissions_boundary", "/boundary", "iam.permissions_boundary: '/boundary': expected text of the form "),
        ("permissions_boundary", "a b", "iam.permissions_boundary: 'a b': expected text of the form "),
        ("permissions_boundary", "a" * 129, "iam.permissions_boundary: 'aaa"),
        (
            "permissions_boundary",
            "arn:aws:iam::111122223333:role/a",
            "iam.permissions_boundary: 'arn:aws:iam::111122223333:role/a': expected text of the form ",
        ),
        ("name_prefix", "TFY-", "iam.name_prefix: 'TFY-': expected text of the form "),
    ],
)
def test_a_wrong_setting_of_roles_is_named_with_what_is_allowed(
    key: str, value: Any, problem: str, configuration: Raw, problems: Problems
) -> None:
    configuration["iam"] = {key: value}

    found = problems(configuration)

    assert [each for each in found if each.startswith(problem)], found


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("role_path", "/"),
        ("role_path", "/team/a_b+=,.@-/"),
        ("permissions_boundary", "boundary"),
        ("permissions_boundary", "platform/boundary"),
        ("permissions_boundary", BOUNDARY),
        ("permissions_boundary", "arn:aws-cn:iam::aws:policy/PowerUserAccess"),
    ],
)
def test_a_path_and_both_forms_of_a_boundary_are_accepted(
    key: str, value: str, configuration: Raw, problems: Problems
) -> None:
    configuration["iam"] = {key: value}

    found = problems(configuration)

    assert found == []


def test_an_identity_can_be_chosen_for_every_role_of_a_service_account() -> None:
    names = Names("test")
    others = {"cluster", "karpenter-node", "platform-iam-role", names.node_role}

    roles = {names.role_key(each.value) for each in names.derived() if each.kind == "IAM role name"}

    assert set(get_args(WorkloadRole)) == roles - others


@pytest.mark.parametrize(("role", "identity"), [("karpenter", "pod_identity"), ("efs", "irsa")])
def test_one_role_can_be_handed_out_in_another_way(
    role: str, identity: str, configuration: Raw, load_raw: Load
) -> None:
    configuration["iam"] = {"identity": "irsa", "identities": {"karpenter": "pod_identity"}}

    config = load_raw(configuration)

    assert config.iam.identity_of(role) == identity
