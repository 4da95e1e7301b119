"""Issues certificates inside the cluster, and proves to ACME issuers that the domains are ours."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import CRITICAL, resources, spread_over_zones, tolerations
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.config.dns import Domain, HostedZoneId


class CertManagerSettings(MonitoredSettings):
    """Where cert-manager may answer DNS-01 challenges; without zones it has no role at all."""

    hosted_zone_ids: list[HostedZoneId] = Field(
        default=[],
        description="Route 53 zones in which it may write _acme-challenge records. An issuer's solver must name its "
        "zone (`hostedZoneID`): the role cannot search for it.",
    )
    domains: list[Domain] = Field(
        default=[],
        description="Names for which it may prove that they are ours, and all names below them: apps.example.com. "
        "Needed with hosted_zone_ids: who can write a challenge for a name can have a certificate for it.",
    )


class CertManager(Addon[CertManagerSettings]):
    name = "cert-manager"
    namespace = "cert-manager"
    chart = "cert-manager"
    service_account = "cert-manager"
    Settings = CertManagerSettings

    def values(self, plane: Plane, settings: CertManagerSettings) -> Mapping[str, Any]:
        values: dict[str, Any] = {
            **_available("cert-manager"),
            "global": {"priorityClassName": CRITICAL},
            # The chart keeps its definitions when it is uninstalled, and so every certificate.
            "crds": {"enabled": True},
            "webhook": _available("webhook") | {"resources": resources("20m", "64Mi", limit="256Mi")},
            "cainjector": _available("cainjector") | {"resources": resources("20m", "128Mi", limit="512Mi")},
            "startupapicheck": {"tolerations": tolerations()},
            "resources": resources("50m", "128Mi", limit="512Mi"),
        }
        if settings.service_monitors:
            values["prometheus"] = {"servicemonitor": {"enabled": True}}
        if settings.hosted_zone_ids:
            role = plane.names.cert_manager_role
            values["serviceAccount"] = plane.service_account(self.service_account, role_name=role)
        return values

    def resources(self, scope: Construct, plane: Plane, settings: CertManagerSettings) -> None:
        if not settings.hosted_zone_ids:
            return
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.cert_manager_role,
            documents=["cert-manager"],
            values={"HostedZoneId": settings.hosted_zone_ids, "DomainName": settings.domains},
            namespace=self.namespace,
            service_account=self.service_account,
        )


def _available(app: str) -> dict[str, Any]:
    """One of the chart's three workloads, twice."""
    return {
        "replicaCount": 2,
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "tolerations": tolerations(),
        "topologySpreadConstraints": spread_over_zones({"app.kubernetes.io/name": app}),
    }
