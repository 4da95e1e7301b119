"""All control planes of a rehearsal: each cluster gets one of its own, and the report hears of every one."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.kubernetes.client import ApiRefusal
from rehearsal.kubernetes.components import ComponentEnded
from rehearsal.kubernetes.control_plane import ControlPlane
from rehearsal.kubernetes.nodes import Zones
from rehearsal.kubernetes.programs import Programs


class ControlPlanes:
    """Starts them and remembers them."""

    def __init__(self, programs: Programs, folder: Path, region: str, zones: Zones) -> None:
        self._programs, self._folder, self._region, self._zones = programs, folder, region, zones
        self._started: list[ControlPlane] = []

    def start(self, cluster: str, version: str) -> ControlPlane:
        """The control plane of a new cluster. Raises ResourceFailure if it does not come up."""
        folder = self._folder / f"{cluster}-{len(self._started) + 1}"
        try:
            plane = ControlPlane(
                cluster, version, programs=self._programs, folder=folder, region=self._region, zones=self._zones
            )
        except (ComponentEnded, ApiRefusal, OSError) as error:
            raise ResourceFailure(f"The control plane of cluster {cluster} did not start: {error}") from error
        self._started.append(plane)
        return plane

    def facts(self) -> dict[str, Any]:
        """What each was like, and what pods of those that run miss."""
        running = [plane for plane in self._started if plane.running]
        return {
            "control_planes": [asdict(plane.facts) for plane in self._started],
            "missing": [line for plane in running for line in plane.missing()],
        }


def subnet_zones(clients: Callable[[str], Any]) -> Zones:
    """Looks up the availability zones of subnets, each once."""

    def zones(subnets: Sequence[str]) -> list[str]:
        answer = clients("ec2").describe_subnets(SubnetIds=list(subnets))
        return sorted({str(subnet["AvailabilityZone"]) for subnet in answer["Subnets"]})

    return zones
