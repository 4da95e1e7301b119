"""Keeps the cluster as Git repositories say."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, tolerations
from compute_plane.config.dns import Domain


class ArgoCdSettings(MonitoredSettings):
    """Where people reach Argo CD."""

    domain: Domain | None = Field(default=None, description="Its host name, for links and sign-on: argocd.example.com.")
    tls: bool = Field(
        default=True,
        description="False: the server speaks plain HTTP, for a gateway before it that ends TLS.",
    )


class ArgoCd(Addon[ArgoCdSettings]):
    name = "argo-cd"
    namespace = "argocd"
    chart = "argo-cd"
    service_account = "argocd-application-controller"
    Settings = ArgoCdSettings

    def values(self, plane: Plane, settings: ArgoCdSettings) -> Mapping[str, Any]:
        several = {"replicas": 2, "pdb": {"enabled": True, "maxUnavailable": 1}} if plane.highly_available else {}
        parts: dict[str, dict[str, Any]] = {
            # A second one would only take a share of the clusters, and this one has its own only.
            "controller": {"resources": resources("250m", "512Mi", limit="2Gi")},
            "server": {**several, "resources": resources("50m", "128Mi", limit="512Mi")},
            "repoServer": {**several, "resources": resources("100m", "256Mi", limit="1Gi")},
            "applicationSet": {**several, "resources": resources("50m", "128Mi", limit="512Mi")},
            "notifications": {"resources": resources("50m", "64Mi", limit="256Mi")},
        }
        if settings.service_monitors:
            for part in parts.values():
                part["metrics"] = {"enabled": True, "serviceMonitor": {"enabled": True}}
        return {
            "global": {"tolerations": tolerations(), **({"domain": settings.domain} if settings.domain else {})},
            **({} if settings.tls else {"configs": {"params": {"server.insecure": True}}}),
            # Single sign-on has to be configured before its server has anything to do.
            "dex": {"enabled": False},
            **parts,
            **self._cache(plane),
        }

    def _cache(self, plane: Plane) -> dict[str, Any]:
        """The cache can be rebuilt at any time; where it must not go away it is three servers and three proxies."""
        asked = resources("50m", "128Mi", limit="512Mi")
        if not plane.highly_available:
            return {"redis": {"resources": asked}}
        budget = {"podDisruptionBudget": {"maxUnavailable": 1}}
        return {
            "redis-ha": {
                "enabled": True,
                "tolerations": tolerations(),
                "redis": {"resources": asked},
                "sentinel": {"resources": resources("20m", "32Mi", limit="128Mi")},
                "haproxy": {"resources": resources("50m", "64Mi", limit="256Mi"), **budget},
                "splitBrainDetection": {"resources": resources("10m", "16Mi", limit="64Mi")},
                **budget,
            }
        }
