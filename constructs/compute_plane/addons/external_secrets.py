"""Copies secrets of Secrets Manager and parameters of Parameter Store into Kubernetes Secrets."""

from collections.abc import Mapping
from typing import Annotated, Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import CRITICAL, resources, spread_over_zones, tolerations
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.config.keys import KeyArn

Prefix = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$", max_length=200)]


class ExternalSecretsSettings(MonitoredSettings):
    """What External Secrets may read: names below the given ones, and nothing else."""

    secret_prefixes: list[Prefix] | None = Field(
        default=None,
        min_length=1,
        description="Secrets below these names: team-a for team-a/password; the cluster's name if unset.",
    )
    parameter_prefixes: list[Prefix] | None = Field(
        default=None,
        min_length=1,
        description="Parameters below these names: team-a for /team-a/password; the cluster's name if unset.",
    )
    find: bool = Field(
        default=False,
        description="Allows `dataFrom.find`, which lists the names of every secret and parameter of the region.",
    )
    key_arns: list[KeyArn] = Field(
        default=[], description="Keys that encrypt those secrets and parameters, where they are not AWS's own."
    )


class ExternalSecrets(Addon[ExternalSecretsSettings]):
    name = "external-secrets"
    namespace = "external-secrets"
    chart = "external-secrets"
    service_account = "external-secrets"
    Settings = ExternalSecretsSettings

    def values(self, plane: Plane, settings: ExternalSecretsSettings) -> Mapping[str, Any]:
        available = {"replicaCount": 2, "podDisruptionBudget": {"enabled": True}, "priorityClassName": CRITICAL}
        return {
            **available,
            # The chart adds each workload's own labels to the constraints.
            "global": {"tolerations": tolerations(), "topologySpreadConstraints": spread_over_zones()},
            "leaderElect": True,
            "serviceAccount": plane.service_account(self.service_account, role_name=plane.names.external_secrets_role),
            # Uninstalled, the chart would take its definitions with it, and with them every Secret it ever made.
            "crds": {"annotations": {"helm.sh/resource-policy": "keep"}},
            "webhook": available | {"resources": resources("20m", "64Mi", limit="256Mi")},
            "certController": {
                "priorityClassName": CRITICAL,
                "resources": resources("20m", "64Mi", limit="256Mi"),
            },
            "resources": resources("50m", "128Mi", limit="512Mi"),
            **({"serviceMonitor": {"enabled": True}} if settings.service_monitors else {}),
        }

    def resources(self, scope: Construct, plane: Plane, settings: ExternalSecretsSettings) -> None:
        options = {"find": settings.find, "kms": bool(settings.key_arns)}
        keys = {"SecretKeyArn": settings.key_arns} if settings.key_arns else {}
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.external_secrets_role,
            documents=["external-secrets", *(option for option, wanted in options.items() if wanted)],
            values={
                "SecretPrefix": settings.secret_prefixes or [plane.cluster_name],
                "ParameterPrefix": settings.parameter_prefixes or [plane.cluster_name],
                **keys,
            },
            namespace=self.namespace,
            service_account=self.service_account,
        )
