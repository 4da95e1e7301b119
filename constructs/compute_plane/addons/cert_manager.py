"""Issues certificates inside the cluster, and proves to ACME issuers that the domains are ours."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, AddonSettings, Plane
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.config.dns import Domain, HostedZoneId


class CertManagerSettings(AddonSettings):
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
        available = {"replicaCount": 2, "podDisruptionBudget": {"enabled": True, "minAvailable": 1}}
        values: dict[str, Any] = {
            **available,
            # The chart keeps its definitions when it is uninstalled, and so every certificate.
            "crds": {"enabled": True},
            "webhook": available,
            "cainjector": available,
            "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        }
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
