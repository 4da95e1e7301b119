"""Rules about add-ons and data services."""

from collections.abc import Sequence
from typing import Any

from compute_plane.addons import ADDONS
from compute_plane.addons.cert_manager import CertManagerSettings
from compute_plane.addons.external_dns import ExternalDnsSettings
from compute_plane.addons.external_secrets import ExternalSecretsSettings
from compute_plane.addons.karpenter import KarpenterSettings
from compute_plane.config.cluster import ClusterConfig
from compute_plane.config.data import DataConfig
from compute_plane.config.environment import addon_settings
from compute_plane.config.errors import Problem
from compute_plane.config.keys import region_of
from compute_plane.config.model import Model
from compute_plane.config.node_pools import NodePoolConfig
from compute_plane.config.rules.rule import Problems, Rule


def _addons_have_what_they_depend_on(addons: Model) -> Problems:
    enabled = addon_settings(addons)
    for addon in ADDONS:
        missing = [needed for needed in addon.depends_on if needed not in enabled]
        if addon.name in enabled and missing:
            yield Problem(("addons", addon.name), None, f"depends on {', '.join(missing)}: enable it too")


def _certificates_lie_in_region(region: str, addons: Model) -> Problems:
    """A load balancer takes certificates of its own region only."""
    for name, settings in addon_settings(addons).items():
        arn: Any = getattr(settings, "certificate_arn", None)
        if arn and region_of(arn) != region:
            yield Problem(("addons", name, "certificate_arn"), arn, f"a certificate of {region}")


def _keys_lie_in_region(region: str, cluster: ClusterConfig, addons: Model) -> Problems:
    """EBS, Secrets Manager and Parameter Store use keys of their own region only."""
    secrets = addon_settings(addons).get("external-secrets")
    given = [*enumerate(secrets.key_arns)] if isinstance(secrets, ExternalSecretsSettings) else []
    keys = {("addons", "external-secrets", "key_arns", index): arn for index, arn in given}
    for path, arn in {("cluster", "volume_key_arn"): cluster.volume_key_arn, **keys}.items():
        if arn and region_of(arn) != region:
            yield Problem(path, arn, f"a key of {region}")


def _one_thing_adds_nodes(pools: Sequence[NodePoolConfig], addons: Model) -> Problems:
    if pools and "cluster-autoscaler" in addon_settings(addons):
        expected = "and node_pools exclude each other: both would add nodes for the same pending pods"
        yield Problem(("addons", "cluster-autoscaler"), None, expected)


def _reserved_capacity_is_allowed(pools: Sequence[NodePoolConfig], addons: Model) -> Problems:
    karpenter = addon_settings(addons).get("karpenter")
    if isinstance(karpenter, KarpenterSettings) and not karpenter.reserved_capacity:
        for index, pool in enumerate(pools):
            if "reserved" in pool.capacity_types:
                path = ("node_pools", index, "capacity_types")
                yield Problem(path, "reserved", "needs addons.karpenter.reserved_capacity: true")


def _istio_sources_have_istio(addons: Model) -> Problems:
    """ExternalDNS does not start while a kind that it watches is unknown to the cluster."""
    enabled = addon_settings(addons)
    dns = enabled.get("external-dns")
    if isinstance(dns, ExternalDnsSettings) and "istio-base" not in enabled:
        for index, source in enumerate(dns.sources):
            if source.startswith("istio-"):
                yield Problem(("addons", "external-dns", "sources", index), source, "needs the add-on istio-base")


def _challenges_have_zones_and_domains(addons: Model) -> Problems:
    """A role that may answer challenges in a whole zone could have certificates for other clusters' names."""
    settings = addon_settings(addons).get("cert-manager")
    if isinstance(settings, CertManagerSettings) and bool(settings.hosted_zone_ids) != bool(settings.domains):
        given, missing = ("hosted_zone_ids", "domains") if settings.hosted_zone_ids else ("domains", "hosted_zone_ids")
        yield Problem(("addons", "cert-manager", missing), None, f"needed with {given}")


def _file_system_and_driver_go_together(addons: Model, data: DataConfig) -> Problems:
    driver = "aws-efs-csi-driver" in addon_settings(addons)
    if driver and data.file_system is None:
        yield Problem(("addons", "aws-efs-csi-driver"), None, "needs data.file_system")
    if data.file_system is not None and not driver:
        yield Problem(("data", "file_system"), None, "needs the add-on aws-efs-csi-driver, which mounts it")


def _storage_can_grow(data: DataConfig) -> Problems:
    """RDS wants the limit of storage autoscaling to be a tenth more than the storage at least."""
    if data.database and data.database.max_storage_gib * 10 < data.database.storage_gib * 11:
        path = ("data", "database", "max_storage_gib")
        yield Problem(path, data.database.max_storage_gib, "at least 10 % more than storage_gib")


RULES = (
    Rule(("addons",), _addons_have_what_they_depend_on),
    Rule(("region", "addons"), _certificates_lie_in_region),
    Rule(("region", "cluster", "addons"), _keys_lie_in_region),
    Rule(("node_pools", "addons"), _one_thing_adds_nodes),
    Rule(("node_pools", "addons"), _reserved_capacity_is_allowed),
    Rule(("addons",), _istio_sources_have_istio),
    Rule(("addons",), _challenges_have_zones_and_domains),
    Rule(("addons", "data"), _file_system_and_driver_go_together),
    Rule(("data",), _storage_can_grow),
)
