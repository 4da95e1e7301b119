"""One running control plane, in the place of the embedded API: what an EKS cluster of the rehearsal stands on."""

import base64
import secrets
import shutil
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.kube_api.initial import initial_objects
from rehearsal.kubernetes import files, flags
from rehearsal.kubernetes.access import AccessEntries
from rehearsal.kubernetes.authority import Authority
from rehearsal.kubernetes.client import ApiRefusal, Client, Object
from rehearsal.kubernetes.components import ComponentEnded, Components
from rehearsal.kubernetes.egress import Certificates, Egress, selection
from rehearsal.kubernetes.facts import Facts
from rehearsal.kubernetes.follower import Follower
from rehearsal.kubernetes.instances import Catalogue
from rehearsal.kubernetes.missing import missing
from rehearsal.kubernetes.nodes import NodeGroups, Zones
from rehearsal.kubernetes.pools import NodePools
from rehearsal.kubernetes.programs import Programs
from rehearsal.kubernetes.refusals import Refusals
from rehearsal.kubernetes.token_server import TokenServer, authenticator

READY_SECONDS = 60.0
POLL_SECONDS = 0.05
STAGES = Path(__file__).with_name("stages.yaml")
FIRST_ACCOUNT = "/api/v1/namespaces/default/serviceaccounts/default"


class ControlPlane:
    """Runs from its creation until `stop`."""

    def __init__(
        self, cluster: str, version: str, *, programs: Programs, folder: Path, region: str, zones: Zones
    ) -> None:
        began = time.monotonic()
        built = programs.version()
        if not built.startswith(f"{version}."):
            raise ResourceFailure(f"The control plane at hand is Kubernetes {built}; {cluster} wants {version}.")
        shutil.rmtree(folder, ignore_errors=True)
        self._folder, self._programs, self._read_zones = folder, programs, zones
        self._components = Components(folder)
        self._authority = Authority(f"rehearsal of {cluster}")
        self.url, self.token = f"https://127.0.0.1:{free_port()}", secrets.token_hex(16)
        self.certificate_authority = base64.b64encode(self._authority.certificate).decode()
        self.client = Client(self.url, self._authority.certificate, self.token)
        self.refusals = Refusals(self.client)
        self._entries = AccessEntries(self.client)
        self._nodes = NodeGroups(self.client, Catalogue.of_moto(), zones, region, f"v{built}")
        self._pools = NodePools(self.client, Catalogue.of_moto(), region, f"v{built}")
        self._zones: set[str] = set()
        self._follower = Follower((self._follow_pools, self._entries.follow))
        self._tokens = TokenServer(authenticator(cluster, self._entries))
        self._egress = Egress(folder, Certificates(self._authority, self.client))
        self._facts = Facts(cluster, built)
        self.running = True
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        self._facts.ready_seconds = round(time.monotonic() - began, 1)

    @property
    def facts(self) -> Facts:
        """What it is like so far."""
        self._facts.peak_mib = self._components.peaks()
        self._facts.count_webhooks(one.webhook for one in self._egress.asked)
        unmet = [f"no instance type or zone fits NodePool {name}" for name in sorted(self._pools.unmet)]
        self._facts.faults = [*self._follower.faults, *unmet]
        return self._facts

    def objects(self) -> list[Object]:
        """Everything that is stored."""
        return self.client.everything()

    def missing(self) -> list[str]:
        """Secrets and ConfigMaps that pods name and nobody makes."""
        return missing(self.objects())

    def upgrade(self, version: str) -> None:
        raise ResourceFailure(f"The control plane at hand is Kubernetes {self._facts.version}; it cannot be {version}.")

    def put_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        """Take in an access entry or a node group, or its change. Raises ResourceFailure if the server refuses it."""
        try:
            if kind == "AccessEntry":
                self._entries.put(properties)
            elif kind == "Nodegroup":
                self._zones.update(self._read_zones([str(subnet) for subnet in properties["Subnets"]]))
                self._nodes.put(properties)
        except ApiRefusal as refusal:
            raise ResourceFailure(f"The control plane refused the {kind}: {refusal}") from refusal

    def remove_member(self, kind: str, properties: Mapping[str, Any]) -> None:
        if kind == "AccessEntry":
            self._entries.remove(str(properties["PrincipalArn"]))
        elif kind == "Nodegroup":
            self._nodes.remove(str(properties["NodegroupName"]))

    def stop(self) -> None:
        """End everything; the logs stay."""
        self.running = False
        self.refusals.end()
        self._follower.stop()
        self._components.stop()
        self._tokens.stop()
        self._egress.stop()
        shutil.rmtree(self._folder / "etcd", ignore_errors=True)

    def _start(self) -> None:
        files.write(
            self._folder,
            authority=self._authority,
            url=self.url,
            token=self.token,
            tokens=self._tokens.kubeconfig,
            egress=selection(),
        )
        start, path = self._components.start, self._programs.path
        start(path("etcd"), *flags.etcd())
        # A webhook whose CA a controller would fill in is checked by the system's roots: here, by our authority.
        trust = {"SSL_CERT_FILE": str(self._folder / flags.AUTHORITY)}
        start(path("kube-apiserver"), *flags.api_server(int(self.url.rpartition(":")[2])), environment=trust)
        self._wait("/readyz")
        start(path("kube-controller-manager"), *flags.controllers())
        start(path("kube-scheduler"), *flags.scheduler())
        start(path("kwok"), *flags.kwok(STAGES))
        for group_version, plural, value in initial_objects():
            if plural != "namespaces":
                self.client.create(f"/apis/{group_version}/{plural}", value)
        self._entries.prepare()
        self._wait(FIRST_ACCOUNT)
        self._follower.start()

    def _wait(self, path: str) -> None:
        """Until a path answers."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            self._components.check()
            try:
                self.client.get(path)
                return
            except (ApiRefusal, OSError) as error:
                if time.monotonic() > deadline:
                    raise ComponentEnded(f"{path} had no good answer in {READY_SECONDS:.0f} s: {error}") from error
            time.sleep(POLL_SECONDS)

    def _follow_pools(self) -> None:
        self._pools.follow(sorted(self._zones))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
