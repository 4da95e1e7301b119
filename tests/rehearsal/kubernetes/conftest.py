"""One real control plane for all tests of a run; without its programs, the tests that need it are skipped."""

import datetime
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.charts.contents import CustomKind
from rehearsal.charts.definitions import permissive
from rehearsal.identities import SECRET_KEY, access_key
from rehearsal.kubernetes.client import Client, Object
from rehearsal.kubernetes.control_plane import ControlPlane
from rehearsal.kubernetes.programs import NoControlPlane, Programs, find

CLUSTER = "plane"
REGION = "eu-central-1"
ZONES = ["eu-central-1a", "eu-central-1b"]
BOOTSTRAP: dict[str, Any] = {
    "NodegroupName": "bootstrap",
    "InstanceTypes": ["m7i.large", "m6i.large"],
    "CapacityType": "ON_DEMAND",
    "ScalingConfig": {"DesiredSize": 2, "MinSize": 2, "MaxSize": 4},
    "Subnets": ["subnet-1", "subnet-2"],
}
SECONDS = 30.0


@pytest.fixture(scope="session")
def programs() -> Programs:
    """`make kubernetes` builds them; a folder that the environment names must have them."""
    try:
        return find()
    except NoControlPlane as missing:
        if "make kubernetes` once" not in str(missing):
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def plane(programs: Programs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane with two nodes of the node group `bootstrap`."""
    folder = tmp_path_factory.mktemp("kubernetes") / CLUSTER
    one = ControlPlane(
        CLUSTER, "1.35", programs=programs, folder=folder, region=REGION, zones=lambda subnets: ZONES[: len(subnets)]
    )
    try:
        one.put_member("Nodegroup", BOOTSTRAP)
        yield one
    finally:
        one.stop()


@pytest.fixture
def client(plane: ControlPlane) -> Client:
    """The administrator's."""
    return plane.client


@pytest.fixture
def namespace(client: Client) -> Iterator[str]:
    """A new namespace, with the account that pods need."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    client.create("/api/v1/namespaces", {"metadata": {"name": name}})
    deadline = time.monotonic() + SECONDS
    while client.found(f"/api/v1/namespaces/{name}/serviceaccounts/default") is None and time.monotonic() < deadline:
        time.sleep(0.05)
    yield name
    client.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Asks again and again; gives the first true answer, or the last one when time is up."""

    def ask(question: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + SECONDS
        while not (answer := question()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return answer

    return ask


@pytest.fixture(scope="session")
def make_token() -> Callable[..., str]:
    """A token of a principal, made as `aws eks get-token` makes it."""
    import base64

    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    def make(
        principal: str, cluster: str = CLUSTER, secret: str = SECRET_KEY, age: datetime.timedelta | None = None
    ) -> str:
        url = "https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
        request = AWSRequest("GET", url, headers={"x-k8s-aws-id": cluster})
        credentials = Credentials(access_key(principal), secret, "a session/with+signs")
        signer = SigV4QueryAuth(credentials, "sts", REGION, expires=60)
        with pytest.MonkeyPatch.context() as patch:
            if age is not None:
                then = datetime.datetime.now(datetime.UTC) - age

                def clock(**_: object) -> datetime.datetime:
                    return then

                patch.setattr("botocore.auth.get_current_datetime", clock)
            signer.add_auth(request)
        return "k8s-aws-v1." + base64.urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")

    return make


@pytest.fixture(scope="session")
def as_principal(plane: ControlPlane, make_token: Callable[..., str]) -> Callable[[str], Client]:
    """A client that signs in with a principal's token."""
    import base64

    authority = base64.b64decode(plane.certificate_authority)
    return lambda principal: Client(plane.url, authority, make_token(principal))


@pytest.fixture(scope="session")
def definition() -> Callable[[str, str, str, str], Object]:
    """A custom resource's definition that accepts any content."""

    def make(group: str, version: str, kind: str, plural: str) -> Object:
        return permissive(CustomKind(group, version, kind, plural, "Cluster"))

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where components may work."""
    return tmp_path / "components"
