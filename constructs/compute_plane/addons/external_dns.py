"""Keeps Route 53 records in step with Services, Ingresses and Istio's gateways (document 003)."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import CRITICAL, resources, tolerations
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.config.dns import Domain, HostedZoneId

Source = Literal["service", "ingress", "istio-gateway", "istio-virtualservice"]


class ExternalDnsSettings(MonitoredSettings):
    """The zones and names that ExternalDNS keeps; its role can change no others."""

    hosted_zone_ids: list[HostedZoneId] = Field(min_length=1, description="Route 53 zones it may change.")
    domains: list[Domain] = Field(
        min_length=1, description="Names it may change, and all names below them: apps.example.com."
    )
    policy: Literal["upsert-only", "sync"] = Field(
        default="upsert-only",
        description="sync deletes the records of what is gone; upsert-only is not allowed to delete any, so a record "
        "whose type changes stays as it is.",
    )
    sources: list[Source] = Field(
        default=["service", "ingress"], min_length=1, description="Kinds of Kubernetes objects that ask for records."
    )


class ExternalDns(Addon[ExternalDnsSettings]):
    name = "external-dns"
    namespace = "external-dns"
    chart = "external-dns"
    service_account = "external-dns"
    may_depend_on: ClassVar[Mapping[str, str]] = {"istio-base": "`sources` of Istio"}
    Settings = ExternalDnsSettings

    def dependencies(self, settings: ExternalDnsSettings) -> tuple[str, ...]:
        """It does not start while a kind that it watches is unknown to the cluster."""
        istio = any(source.startswith("istio-") for source in settings.sources)
        return (*super().dependencies(settings), *(("istio-base",) if istio else ()))

    def values(self, plane: Plane, settings: ExternalDnsSettings) -> Mapping[str, Any]:
        return {
            "serviceAccount": plane.service_account(self.service_account, role_name=plane.names.external_dns_role),
            "sources": settings.sources,
            "policy": settings.policy,
            "domainFilters": settings.domains,
            "txtOwnerId": plane.cluster_name,
            # The record that says who owns `example.com` itself must lie below it, where the role may write.
            "txtPrefix": f"%{{record_type}}-{plane.cluster_name}.",
            "extraArgs": {
                "zone-id-filter": settings.hosted_zone_ids,
                # A domain may lie below the name of its zone.
                "aws-zone-match-parent": True,
            },
            "logFormat": "json",
            "priorityClassName": CRITICAL,
            "resources": resources("20m", "64Mi", limit="256Mi"),
            "tolerations": tolerations(),
            **({"serviceMonitor": {"enabled": True}} if settings.service_monitors else {}),
        }

    def resources(self, scope: Construct, plane: Plane, settings: ExternalDnsSettings) -> None:
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.external_dns_role,
            documents=["external-dns"],
            values={
                "HostedZoneId": settings.hosted_zone_ids,
                "DomainName": settings.domains,
                "RecordChange": ["CREATE", "UPSERT", *(["DELETE"] if settings.policy == "sync" else [])],
            },
            namespace=self.namespace,
            service_account=self.service_account,
        )
