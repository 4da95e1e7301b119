"""Builds a whole rehearsal from its parts; nothing here starts a server."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cloudformation.api import Api
from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.providers import eks, moto
from rehearsal.cloudformation.providers.base import Provider, Providers
from rehearsal.cloudformation.providers.custom_resource import CustomResources
from rehearsal.cloudformation.providers.databases import Databases
from rehearsal.cloudformation.providers.ec2 import LaunchTemplates, Subnets
from rehearsal.cloudformation.providers.functions import Functions, Layers, Machines
from rehearsal.cloudformation.providers.generic import Generic
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.schemas import Registry
from rehearsal.cloudformation.store import Store
from rehearsal.functions.archives import Archives
from rehearsal.functions.environment import Surroundings
from rehearsal.functions.runtime import Runtime
from rehearsal.functions.state_machines import StateMachines
from rehearsal.place import Place
from rehearsal.services import small_apis
from rehearsal.services.control import CUSTOM_RESOURCE, PREFIX, Control, ControlPlaneFacts, Mirror
from rehearsal.services.eks_api import EksApi
from rehearsal.services.front import Application, Front
from rehearsal.services.lambda_api import LambdaApi
from rehearsal.services.refusals import ClusterRefusals, RefusingApi

Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Rehearsal:
    """A composed rehearsal: the application to serve, and how to end it."""

    application: Front
    clusters: eks.Clusters
    runtime: Runtime

    def close(self) -> None:
        """End the functions and the clusters."""
        self.runtime.close()
        self.clusters.close()


@dataclass(frozen=True)
class Outside:
    """What the rehearsal does not make itself."""

    clients: Clients
    moto: Application
    start_kubernetes: Callable[[str, str], RefusingApi]
    """Given a cluster's name and version."""
    control_planes: Callable[[], ControlPlaneFacts]
    mirror: Mirror
    function_environment: Mapping[str, str]
    node_path: str


def compose(place: Place, state: Path, endpoint: str, outside: Outside) -> Rehearsal:
    """Everything behind one endpoint."""
    registry = Registry(place.region)
    identity = Identity(place, registry)
    read_object = object_reader(outside.clients)
    response_url = f"{endpoint}{PREFIX}{CUSTOM_RESOURCE}"
    surroundings = Surroundings(endpoint, response_url, place.region, outside.node_path, outside.function_environment)
    runtime = Runtime(state, surroundings)
    machines = StateMachines(runtime.invoke)
    refusals = ClusterRefusals(outside.start_kubernetes)
    clusters = eks.Clusters(place, identity, refusals.start)
    custom_resources = CustomResources(runtime.invoke, response_url)
    layers = Layers(identity, Archives(state / "code", read_object))
    functions = Functions(place, identity, Archives(state / "code", read_object), layers, runtime)
    special = _special(identity, outside.clients, clusters, machines)
    special |= {"AWS::Lambda::Function": functions, "AWS::Lambda::LayerVersion": layers}
    store = Store(place, registry, parameter_reader(outside.clients))
    engine = Engine(store, Providers(Generic(identity), custom_resources, special), identity)
    unknown = Unknown()
    control = Control(
        store, clusters, runtime, custom_resources, outside.mirror, refusals, unknown.calls, outside.control_planes
    )
    services = {
        "cloudtrail": small_apis.cloud_trail,
        "ecr": small_apis.EcrApi(place),
        "ecr-public": small_apis.ecr_public,
        "eks": EksApi(clusters),
        "lambda": LambdaApi(runtime),
        "states": small_apis.StepFunctionsApi(machines),
    }
    front = Front(control, Api(engine, read_object, unknown.note), services, outside.moto, unknown.note)
    return Rehearsal(front, clusters, runtime)


def _special(
    identity: Identity, clients: Clients, clusters: eks.Clusters, machines: StateMachines
) -> dict[str, Provider]:
    in_moto = moto.providers(identity, clients)
    databases = Databases(identity, clients)
    return {
        **in_moto,
        **eks.providers(identity, clusters),
        "AWS::EC2::LaunchTemplate": LaunchTemplates(identity),
        "AWS::EC2::Subnet": Subnets(in_moto["AWS::EC2::Subnet"], clusters),
        "AWS::RDS::DBCluster": databases,
        "AWS::RDS::DBInstance": databases,
        "AWS::StepFunctions::StateMachine": Machines(identity, machines),
    }


class Unknown:
    """Calls that nothing answered, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.calls: list[str] = []

    def note(self, call: str) -> None:
        with self._lock:
            if call not in self.calls:
                self.calls.append(call)


def object_reader(clients: Clients) -> Callable[[str, str], bytes]:
    """Reads what was uploaded to a bucket."""

    def read(bucket: str, key: str) -> bytes:
        from botocore.exceptions import ClientError

        try:
            return bytes(clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
        except ClientError as error:
            raise ValidationError(f"S3 error: s3://{bucket}/{key}: {error}") from error

    return read


def parameter_reader(clients: Clients) -> Callable[[str], str | None]:
    """Reads a parameter's value from Parameter Store."""

    def read(name: str) -> str | None:
        client = clients("ssm")
        try:
            return str(client.get_parameter(Name=name)["Parameter"]["Value"])
        except client.exceptions.ParameterNotFound:
            return None

    return read
