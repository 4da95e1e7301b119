"""Each rule about add-ons and data services fires on what it forbids, and is silent on what is allowed next to it."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.config.rules import services

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

EFS = {"aws-efs-csi-driver": {}}
DATABASE = {"engine_version": "17.9", "instance_class": "db.t4g.medium", "multi_az": False}
ISTIO = {"aws-load-balancer-controller": {}, "istio-base": {}, "istiod": {}}
POOL = {"name": "default", "capacity_types": ["reserved", "spot"], "instance_categories": ["m"]}
ZONE = {"hosted_zone_ids": ["Z0123456789ABCDEFGHIJ"], "domains": ["example.com"]}


def certificate(region: str) -> Raw:
    arn = f"arn:aws:acm:{region}:111122223333:certificate/12345678-1234-1234-1234-123456789012"
    return {"addons": {**ISTIO, "istio-gateway-internal": {"certificate_arn": arn}}}


def key(region: str) -> str:
    return f"arn:aws:kms:{region}:111122223333:key/12345678-1234-1234-1234-123456789012"


def volume_key(region: str) -> Raw:
    return {"cluster": {"version": "1.35", "log_retention_days": 30, "volume_key_arn": key(region)}}


def secret_keys(*regions: str) -> Raw:
    return {"addons": {"external-secrets": {"key_arns": [key(region) for region in regions]}}}


def autoscaler(**settings: Any) -> Raw:
    karpenter = {"karpenter": {"reserved_capacity": True}, "karpenter-crd": {}}
    return {"addons": {"cluster-autoscaler": settings, **karpenter}}


def karpenter(*, reserved_capacity: bool) -> Raw:
    addons = {"karpenter": {"reserved_capacity": reserved_capacity}, "karpenter-crd": {}}
    return {"addons": addons, "node_pools": [POOL]}


def dns(*sources: str, **others: Raw) -> Raw:
    return {"addons": {"external-dns": {**ZONE, "sources": list(sources)}, **others}}


def database(**changes: Any) -> Raw:
    return {"data": {"database": {**DATABASE, **changes}}}


# The rule, what breaks it, the problem it must find, and the nearest configuration that satisfies it.
CASES: list[tuple[str, Raw, str, Raw]] = [
    (
        "_addons_have_what_they_depend_on",
        {"addons": {"istiod": {}, "istio-base": {"enabled": False}}},
        "addons.istiod: depends on istio-base: enable it too",
        {"addons": {"istiod": {}, "istio-base": {}}},
    ),
    (
        "_certificates_lie_in_region",
        certificate("us-east-1"),
        "addons.istio-gateway-internal.certificate_arn: 'arn:aws:acm:us-east-1:",
        certificate("eu-central-1"),
    ),
    (
        "_keys_lie_in_region",
        volume_key("eu-west-1"),
        "cluster.volume_key_arn: 'arn:aws:kms:eu-west-1:",
        volume_key("eu-central-1"),
    ),
    (
        "_keys_lie_in_region",
        secret_keys("eu-central-1", "eu-west-1"),
        "addons.external-secrets.key_arns[1]: 'arn:aws:kms:eu-west-1:",
        secret_keys("eu-central-1", "eu-central-1"),
    ),
    (
        "_one_thing_adds_nodes",
        {**autoscaler(), "node_pools": [POOL]},
        "addons.cluster-autoscaler: and node_pools exclude each other",
        autoscaler(),
    ),
    (
        "_one_thing_adds_nodes",
        {**autoscaler(), "node_pools": [POOL]},
        "addons.cluster-autoscaler: and node_pools exclude each other",
        {**autoscaler(enabled=False), "node_pools": [POOL]},
    ),
    (
        "_reserved_capacity_is_allowed",
        karpenter(reserved_capacity=False),
        "node_pools[0].capacity_types: 'reserved': needs addons.karpenter.reserved_capacity: true",
        karpenter(reserved_capacity=True),
    ),
    (
        "_istio_sources_have_istio",
        dns("service", "istio-gateway"),
        "addons.external-dns.sources[1]: 'istio-gateway': needs the add-on istio-base",
        dns("service", "ingress"),
    ),
    (
        "_istio_sources_have_istio",
        dns("istio-virtualservice"),
        "addons.external-dns.sources[0]: 'istio-virtualservice': needs the add-on istio-base",
        dns("istio-virtualservice", **{"istio-base": {}}),
    ),
    (
        "_challenges_have_zones_and_domains",
        {"addons": {"cert-manager": {"hosted_zone_ids": ZONE["hosted_zone_ids"]}}},
        "addons.cert-manager.domains: needed with hosted_zone_ids",
        {"addons": {"cert-manager": ZONE}},
    ),
    (
        "_challenges_have_zones_and_domains",
        {"addons": {"cert-manager": {"domains": ZONE["domains"]}}},
        "addons.cert-manager.hosted_zone_ids: needed with domains",
        {"addons": {"cert-manager": {}}},
    ),
    (
        "_file_system_and_driver_go_together",
        {"addons": EFS, "data": {}},
        "addons.aws-efs-csi-driver: needs data.file_system",
        {"addons": EFS, "data": {"file_system": {}}},
    ),
    (
        "_file_system_and_driver_go_together",
        {"addons": {}, "data": {"file_system": {}}},
        "data.file_system: needs the add-on aws-efs-csi-driver",
        {"addons": EFS, "data": {"file_system": {}}},
    ),
    (
        "_storage_can_grow",
        database(storage_gib=100, max_storage_gib=109),
        "data.database.max_storage_gib: 109: at least 10 % more than storage_gib",
        database(storage_gib=100, max_storage_gib=110),
    ),
]


def test_every_rule_has_a_case_here() -> None:
    rules = {rule.check.__name__ for rule in services.RULES}

    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "breaking", "problem", "satisfying"), CASES)
def test_a_rule_finds_what_breaks_it_and_is_silent_on_the_nearest_thing_that_is_allowed(
    rule: str, breaking: Raw, problem: str, satisfying: Raw, configuration: Raw, problems: Problems
) -> None:
    found = problems(configuration | breaking)
    nothing = problems(configuration | satisfying)

    assert [each for each in found if each.startswith(problem)], (rule, found)
    assert nothing == [], rule
