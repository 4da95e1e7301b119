"""Lambda functions and layers, and the state machines that call them: what the runtime can run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource
from rehearsal.functions.archives import Archives
from rehearsal.functions.function import Function, function
from rehearsal.functions.runtime import Runtime
from rehearsal.functions.state_machines import StateMachines
from rehearsal.place import Place


class Layers:
    """AWS::Lambda::LayerVersion: an archive that functions name by ARN."""

    def __init__(self, identity: Identity, archives: Archives) -> None:
        self._identity, self._archives = identity, archives
        self._content: dict[str, Mapping[str, Any]] = {}
        self._versions: dict[str, int] = {}

    def create(self, request: Request) -> Made:
        first = self._identity.make(request)
        unversioned = first.physical_id.rsplit(":", 1)[0]
        self._versions[unversioned] = self._versions.get(unversioned, 0) + 1
        arn = f"{unversioned}:{self._versions[unversioned]}"
        self._content[arn] = request.properties["Content"]
        return Made(arn, {"LayerVersionArn": arn})

    def update(self, request: Request, current: Resource) -> Made:
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        self._content.pop(current.physical_id, None)

    def folder(self, arn: str) -> Path:
        """Where a layer is unpacked."""
        if arn not in self._content:
            raise ResourceFailure(f"Layer version {arn} does not exist.")
        content = self._content[arn]
        return self._archives.stored(content["S3Bucket"], content["S3Key"])


@dataclass(frozen=True)
class Functions:
    """AWS::Lambda::Function."""

    place: Place
    identity: Identity
    archives: Archives
    layers: Layers
    runtime: Runtime

    def create(self, request: Request) -> Made:
        name = self.identity.name(request)
        return self._put(name, request)

    def update(self, request: Request, current: Resource) -> Made:
        return self._put(current.physical_id, request)

    def delete(self, request: Request, current: Resource) -> None:
        self.runtime.remove(current.physical_id)

    def _put(self, name: str, request: Request) -> Made:
        arn = self.place.arn("lambda", f"function:{name}")
        self.runtime.put(self._function(name, arn, request.properties))
        return Made(name, {"Arn": arn})

    def _function(self, name: str, arn: str, properties: Mapping[str, Any]) -> Function:
        code: Mapping[str, Any] = properties["Code"]
        if "ZipFile" in code:
            folder = self.archives.inline(name, code["ZipFile"])
        elif "S3Bucket" in code:
            folder = self.archives.stored(code["S3Bucket"], code["S3Key"])
        else:
            raise ResourceFailure(f"Function {name}: the rehearsal runs code from S3 or ZipFile; got {sorted(code)}")
        layers = tuple(self.layers.folder(layer) for layer in properties.get("Layers", []))
        return function(name, arn, properties, folder, layers)


class Machines:
    """AWS::StepFunctions::StateMachine."""

    def __init__(self, identity: Identity, machines: StateMachines) -> None:
        self._identity, self._machines = identity, machines

    def create(self, request: Request) -> Made:
        made = self._identity.make(request)
        self._put(made.physical_id, request)
        return made

    def update(self, request: Request, current: Resource) -> Made:
        self._put(current.physical_id, request)
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        self._machines.remove(current.physical_id)

    def _put(self, arn: str, request: Request) -> None:
        properties = request.properties
        definition = properties.get("DefinitionString") or json.dumps(properties.get("Definition"))
        try:
            self._machines.put(arn, definition)
        except (ValueError, KeyError, TypeError) as error:
            raise ResourceFailure(f"State machine {arn}: {error}") from error
