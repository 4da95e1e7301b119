"""Rules about roles for principals from outside: what each forbids, and its nearest allowed neighbour."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import visitors

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

REASON = "The control plane sends no external ID."
PRINCIPAL = "arn:aws:iam::222233334444:role/control-plane"
BUCKET = {"data": {"artifact_bucket": {}}}


def platform(**changes: Any) -> Raw:
    return BUCKET | {"iam": {"platform": {"principal": PRINCIPAL, **changes}}}


def vendor(**changes: Any) -> Raw:
    return {"iam": {"cross_account": {"account": "444455556666", "external_id": "agreed", **changes}}}


def reader(**changes: Any) -> Raw:
    given = {"namespace": "dal", "service_account": "dal", "additional_data_buckets": ["images"], **changes}
    return {"data": {"reader": given}}


def keys(*names: str) -> list[str]:
    return [f"arn:aws:kms:eu-central-1:111122223333:key/{name}" for name in names]


EITHER = "iam.platform.external_id: "
# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_platform_has_an_external_id_or_a_reason",
        platform(),
        EITHER + "either external_id, or no_external_id_reason",
        platform(external_id="agreed"),
    ),
    (
        "_platform_has_an_external_id_or_a_reason",
        platform(external_id="agreed", no_external_id_reason=REASON),
        EITHER + "'agreed': either external_id, or no_external_id_reason",
        platform(no_external_id_reason=REASON),
    ),
    (
        "_platform_has_a_bucket",
        platform(external_id="agreed") | {"data": {}},
        "iam.platform: needs data.artifact_bucket",
        platform(external_id="agreed"),
    ),
    (
        "_vendor_has_an_account_of_its_own",
        vendor() | {"account": "444455556666"},
        "iam.cross_account.account: '444455556666': must be the vendor's account",
        vendor() | {"account": "111122223333"},
    ),
    (
        "_vendors_role_has_a_name_of_its_own",
        vendor(role_name="Test-karpenter"),
        "iam.cross_account.role_name: 'Test-karpenter': is the name of another role of the plane",
        vendor(role_name="test-vendor"),
    ),
    (
        "_roles_that_the_vendor_makes_fit",
        vendor() | {"name": "a" * 22},
        f"name: '{'a' * 22}': at most 21 characters with iam.cross_account",
        vendor() | {"name": "a" * 21},
    ),
    (
        "_roles_that_the_vendor_makes_fit",
        vendor(form="tightened") | {"name": "a" * 22},
        "name: ",
        vendor(form="vendor") | {"name": "a" * 22},
    ),
    (
        "_data_is_named_once",
        reader(additional_data_buckets=["images", "trials", "images"]),
        "data.reader.additional_data_buckets[2]: 'images': must be unique; item 0 has it too",
        reader(additional_data_buckets=["images", "trials"]),
    ),
    (
        "_data_is_named_once",
        reader(key_arns=keys("a", "a")),
        "data.reader.key_arns[1]: ",
        reader(key_arns=keys("a", "b")),
    ),
]


def test_every_rule_about_visitors_has_a_case_here() -> None:
    assert {rule.check.__name__ for rule in visitors.RULES} == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_about_visitors_finds_what_breaks_it_and_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | breaking)
    nothing = problems(configuration | satisfying)

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"iam": {"cross_account": {"account": "444455556666"}}}, "iam.cross_account.external_id: is required"),
        (vendor(external_id="a"), "iam.cross_account.external_id: 'a': "),
        (vendor(account="4444"), "iam.cross_account.account: '4444': "),
        (platform(external_id="agreed", principal="control-plane"), "iam.platform.principal: 'control-plane': "),
        (platform(external_id="agreed", repository_prefix=""), "iam.platform.repository_prefix: "),
        (platform(external_id="agreed", secret_prefix="tfy-secret"), "iam.platform.secret_prefix: 'tfy-secret': "),
        (platform(external_id="agreed", secret_prefix="/"), "iam.platform.secret_prefix: '/': "),
        (vendor(tag_keys=["team", "kubernetes.io/cluster/other"]), "iam.cross_account.tag_keys[1]: 'kubernetes.io/"),
        (vendor(tag_keys=["EKS:cluster-name"]), "iam.cross_account.tag_keys[0]: 'EKS:cluster-name': must not begin "),
        (vendor(tag_keys=["*"]), "iam.cross_account.tag_keys[0]: '*': "),
        (platform(no_external_id_reason="not needed"), "iam.platform.no_external_id_reason: 'not needed': "),
        (reader(additional_data_buckets=[]), "data.reader.additional_data_buckets: "),
        (reader(additional_data_buckets=["images/*"]), "data.reader.additional_data_buckets[0]: 'images/*': "),
        (reader(key_arns=["arn:aws:kms:eu-central-1:111122223333:alias/data"]), "data.reader.key_arns[0]: "),
    ],
)
def test_a_visitor_that_is_not_named_exactly_is_refused(
    given: Raw, problem: str, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | given)

    assert [each for each in found if each.startswith(problem)], found
