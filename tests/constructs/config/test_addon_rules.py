"""Each rule about add-ons fires on what it forbids, and is silent on what is allowed next to it."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import addons

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

MONITORED = {"keda": {"service_monitors": True}}
ISTIO = {"aws-load-balancer-controller": {}, "istio-base": {}, "istiod": {}}
CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"


def gateway(**settings: Any) -> Raw:
    return {**ISTIO, "istio-gateway-external": settings}


# The rule, add-ons that break it, the problem it must find, and the nearest add-ons that satisfy it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_addons_do_not_exclude_each_other",
        {"gpu-operator": {}, "nvidia-device-plugin": {}},
        "addons.gpu-operator: and nvidia-device-plugin exclude each other",
        {"gpu-operator": {}, "nvidia-device-plugin": {"enabled": False}},
    ),
    (
        "_service_monitors_are_defined",
        MONITORED,
        "addons.keda.service_monitors: true: needs the add-on prometheus-operator-crds",
        {**MONITORED, "prometheus-operator-crds": {}},
    ),
    (
        "_service_monitors_are_defined",
        MONITORED,
        "addons.keda.service_monitors: true: needs the add-on prometheus-operator-crds",
        {"keda": {}},
    ),
    (
        "_versions_are_locked",
        {"keda": {"version": "2.20.3"}},
        "addons.keda.version: '2.20.3': expected one of ['2.20.2', '2.20.1'], the versions in charts.lock.yaml",
        {"keda": {"version": "2.20.1"}},
    ),
    (
        "_versions_are_locked",
        {"storage-classes": {"version": "1.0.0"}},
        "addons.storage-classes.version: '1.0.0': has no chart",
        {"storage-classes": {}},
    ),
    (
        "_gateways_have_one_certificate",
        gateway(certificate_arn=CERTIFICATE, certificate_secret="apps", domains=["example.com"]),
        "addons.istio-gateway-external.certificate_secret: 'apps': and certificate_arn exclude each other",
        gateway(certificate_secret="apps", domains=["example.com"]),
    ),
    (
        "_gateways_have_one_certificate",
        gateway(certificate_secret="apps"),
        "addons.istio-gateway-external.domains: []: the host names that certificate_secret is for",
        gateway(certificate_arn=CERTIFICATE),
    ),
]


def test_every_rule_has_a_case_here() -> None:
    rules = {rule.check.__name__ for rule in addons.RULES}

    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_finds_what_breaks_it_and_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | {"addons": breaking})
    nothing = problems(configuration | {"addons": satisfying})

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule


@pytest.mark.parametrize(
    ("unknown", "near"),
    [("metric-server", "metrics-server"), ("istio-gateway", "istio-gateway-"), ("argocd", "argo-cd")],
)
def test_an_unknown_add_on_is_answered_with_the_nearest_name(
    unknown: str, near: str, configuration: Raw, problems: Problems
) -> None:
    [found] = problems(configuration | {"addons": {unknown: {}}})

    assert found.startswith(f"addons.{unknown}: unknown key; expected one of ['argo-cd', ")
    assert f"did you mean '{near}" in found
