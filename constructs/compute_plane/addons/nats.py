"""A message broker with streams on volumes of its own."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, tolerations, unprivileged


class NatsSettings(MonitoredSettings):
    """How large a server is; there are three where `protection` is on, else one."""

    storage_gib: int = Field(default=20, ge=1, le=16384, description="Volume of a server; it cannot shrink.")
    memory_mib: int = Field(default=2048, ge=256, le=262144, description="Memory of a server.")


class Nats(Addon[NatsSettings]):
    name = "nats"
    namespace = "nats"
    chart = "nats"
    depends_on = ("storage-classes",)
    Settings = NatsSettings

    def values(self, plane: Plane, settings: NatsSettings) -> Mapping[str, Any]:
        memory = f"{settings.memory_mib}Mi"
        helper = {"merge": {"resources": resources("10m", "32Mi", limit="128Mi")}}
        exporter = {"promExporter": {"enabled": True, "podMonitor": {"enabled": True}, **helper}}
        return {
            "config": {
                # The chart's cluster is of three.
                **({"cluster": {"enabled": True}} if plane.highly_available else {}),
                "jetstream": {
                    "enabled": True,
                    # A stream's files want a block device: the default class may be a network file system.
                    "fileStore": {"pvc": {"size": f"{settings.storage_gib}Gi", "storageClassName": "gp3"}},
                },
            },
            "container": {
                # The server's own collector must run before the kernel's does.
                "env": {"GOMEMLIMIT": f"{settings.memory_mib * 9 // 10}MiB"},
                "merge": {"resources": {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}}},
            },
            "reloader": helper,
            "podTemplate": {
                "merge": {"spec": {"securityContext": unprivileged(1000), "tolerations": tolerations()}},
                "topologySpreadConstraints": {
                    "topology.kubernetes.io/zone": {"maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}
                },
            },
            # A shell with credentials is made when somebody needs one.
            "natsBox": {"enabled": False},
            **(exporter if settings.service_monitors else {}),
        }
