"""An account without moto and without functions: generic resources, and custom resources that follow a script."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pytest

from rehearsal.cloudformation.api import Api
from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ResourceFailure, ValidationError
from rehearsal.cloudformation.providers.base import Made, Providers, Request
from rehearsal.cloudformation.providers.generic import Generic
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.schemas import Registry
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store
from rehearsal.place import Place

Answer = dict[str, Any]
Call = Callable[..., Answer]
NAMESPACE = "{http://cloudformation.amazonaws.com/doc/2010-05-15/}"


@dataclass(frozen=True)
class Scripted:
    """A custom resource's function: `failing` holds what it refuses, as "Update Chart" or "Update Chart 2"."""

    calls: list[str]
    failing: set[str]

    def create(self, request: Request) -> Made:
        return self._do("Create", request, f"{request.logical_id}-1")

    def update(self, request: Request, current: Resource) -> Made:
        moved = request.properties.get("Moves")
        return self._do("Update", request, f"{request.logical_id}-{moved}" if moved else current.physical_id)

    def delete(self, request: Request, current: Resource) -> None:
        self._do("Delete", request, current.physical_id)

    def _do(self, kind: str, request: Request, physical_id: str) -> Made:
        call = f"{kind} {request.logical_id}"
        call_with_value = f"{call} {request.properties.get('Value', '')}".strip()
        self.calls.append(call_with_value)
        if {call, call_with_value} & self.failing:
            raise ResourceFailure(f"{request.logical_id} said no", physical_id=physical_id)
        return Made(physical_id, {"Answer": f"answer of {request.logical_id}"})


@pytest.fixture(scope="session")
def place() -> Place:
    return Place("123456789012", "eu-west-1", ("eu-west-1a", "eu-west-1b", "eu-west-1c"))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry("eu-west-1")


@pytest.fixture
def identity(place: Place, registry: Registry) -> Identity:
    return Identity(place, registry)


@pytest.fixture
def parameter_store() -> dict[str, str]:
    return {"/version": "21"}


@pytest.fixture
def calls() -> list[str]:
    """What the custom resources' function was asked, in order."""
    return []


@pytest.fixture
def failing() -> set[str]:
    """What the custom resources' function refuses."""
    return set()


@pytest.fixture
def store(place: Place, registry: Registry, parameter_store: dict[str, str]) -> Store:
    return Store(place, registry, parameter_store.get)


@pytest.fixture
def engine(store: Store, identity: Identity, calls: list[str], failing: set[str]) -> Engine:
    return Engine(store, Providers(Generic(identity), Scripted(calls, failing), {}), identity)


@pytest.fixture
def call(engine: Engine) -> Call:
    """Call an operation through the query protocol."""
    unknown: list[str] = []
    api = Api(engine, lambda bucket, key: b"{}", unknown.append)

    def send(action: str, **parameters: Any) -> Answer:
        status, xml = api.answer({"Action": action, **_flat(parameters)})
        root = ElementTree.fromstring(xml)
        if status != 200:
            error = root.find(f"{NAMESPACE}Error")
            assert error is not None
            raise ValidationError(error.findtext(f"{NAMESPACE}Message") or "", error.findtext(f"{NAMESPACE}Code") or "")
        result = _parsed(root[0])
        return result if isinstance(result, dict) else {}

    return send


@pytest.fixture
def settled(store: Store) -> Callable[[str], Stack]:
    """The stack of a name or id once its operation has ended."""

    def wait(name: str) -> Stack:
        stack = next(one for one in reversed(store.stacks) if name in (one.name, one.id))
        until = time.monotonic() + 10
        while stack.busy and time.monotonic() < until:
            time.sleep(0.002)
        assert not stack.busy, f"{name} is still in {stack.status}"
        return stack

    return wait


@pytest.fixture
def change(call: Call, store: Store) -> Call:
    """Create a change set and describe it."""

    def create(name: str, template: str, **parameters: Any) -> Answer:
        stack = store.get(name)
        kind = "CREATE" if stack is None or stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        named = {"StackName": name, "ChangeSetName": "test"}
        call("DeleteChangeSet", **named) if stack else None
        call("CreateChangeSet", **named, TemplateBody=template, **{"ChangeSetType": kind, **parameters})
        return call("DescribeChangeSet", **named)

    return create


@pytest.fixture
def deploy(call: Call, change: Call, settled: Callable[[str], Stack]) -> Callable[..., Stack]:
    """Create or update a stack by a change set, to the end."""

    def run(name: str, template: str, *, disable_rollback: bool = False, **parameters: Any) -> Stack:
        described = change(name, template, **parameters)
        assert described["Status"] == "CREATE_COMPLETE", described.get("StatusReason")
        execution = {"DisableRollback": True} if disable_rollback else {}
        call("ExecuteChangeSet", StackName=name, ChangeSetName="test", **execution)
        return settled(name)

    return run


@pytest.fixture
def delete(call: Call, settled: Callable[[str], Stack]) -> Callable[..., Stack]:
    """Delete a stack, to the end."""

    def run(name: str, **parameters: Any) -> Stack:
        call("DeleteStack", StackName=name, **parameters)
        return settled(name)

    return run


@pytest.fixture
def events(store: Store) -> Callable[[str], list[str]]:
    """A stack's events, oldest first, as "Bucket CREATE_COMPLETE"."""

    def listed(name: str) -> list[str]:
        return [f"{e.logical_id} {e.status}" for e in store.journal.since(0) if e.stack_name == name]

    return listed


def _flat(value: Any, prefix: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        pairs = [(str(key), one) for key, one in value.items()]
    elif isinstance(value, list):
        pairs = [(f"member.{number}", one) for number, one in enumerate(value, 1)]
    else:
        return {prefix: str(value).lower() if isinstance(value, bool) else str(value)}
    flat: dict[str, str] = {}
    for name, one in pairs:
        flat |= _flat(one, f"{prefix}.{name}" if prefix else name)
    return flat


def _parsed(element: ElementTree.Element) -> Any:
    if len(element) == 0:
        return element.text or ""
    if all(child.tag == f"{NAMESPACE}member" for child in element):
        return [_parsed(child) for child in element]
    return {child.tag.removeprefix(NAMESPACE): _parsed(child) for child in element}
