"""kubectl and Helm, out of CDK's own layer, against the rehearsed cluster."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.sandbox import Sandbox, loopback
from rehearsal.stand_in import StandIn


@dataclass(frozen=True)
class Kubectl:
    """The two programs and the file that points them at a cluster."""

    programs: Mapping[str, Path]
    kubeconfig: Path

    @classmethod
    def of(cls, sandbox: Sandbox, stand_in: StandIn, cluster: str) -> "Kubectl":
        """For a live cluster; its layer has been unpacked by the functions that used it."""
        facts = stand_in.state()["clusters"][cluster]
        kubeconfig = sandbox.folder / "home" / f"kubeconfig-{cluster}"
        kubeconfig.write_text(json.dumps(_kubeconfig(cluster, facts)))
        found = {name: next(sandbox.state.rglob(f"{name}/{name}")) for name in ("kubectl", "helm")}
        return cls(found, kubeconfig)

    def apply(self, manifest: Mapping[str, object]) -> str:
        """`kubectl apply` of one object."""
        return self._run("kubectl", ("apply", "--filename", "-"), json.dumps(manifest))

    def helm(self, *arguments: str) -> str:
        return self._run("helm", arguments)

    def _run(self, program: str, arguments: tuple[str, ...], given: str = "") -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.kubeconfig.parent),
            "KUBECONFIG": str(self.kubeconfig),
        }
        done = subprocess.run(
            [str(self.programs[program]), *arguments],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


def _kubeconfig(cluster: str, facts: Mapping[str, str]) -> dict[str, object]:
    """kubectl reads JSON as well as YAML."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": cluster,
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": "rehearsal"}}],
        "clusters": [
            {
                "name": cluster,
                "cluster": {
                    "server": loopback(facts["endpoint"]),
                    "certificate-authority-data": facts["certificate_authority"],
                },
            }
        ],
        "users": [{"name": "rehearsal", "user": {"token": facts["token"]}}],
    }
