"""All stacks and change sets of the account, in memory."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.inventory import Inventory
from rehearsal.cloudformation.journal import Journal, now
from rehearsal.cloudformation.parameters import ParameterValues
from rehearsal.cloudformation.schemas import Registry
from rehearsal.cloudformation.stack import Output, Stack
from rehearsal.cloudformation.template import Template
from rehearsal.place import Place


@dataclass(frozen=True)
class Submission:
    """What a caller wants a stack to become."""

    template: Template
    parameters: ParameterValues
    tags: Mapping[str, str]
    imports: frozenset[str] = frozenset()


@dataclass
class ChangeSet:
    """A change set; `changes` is the API's list, `submission` what executing it deploys."""

    id: str
    name: str
    stack: Stack
    submission: Submission
    verb: str
    changes: list[dict[str, Any]]
    description: str | None = None
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    reason: str | None = None
    created: str = field(default_factory=now)


class Store:
    """What CloudFormation knows."""

    def __init__(self, place: Place, registry: Registry, stored_parameter: Callable[[str], str | None]) -> None:
        self.place = place
        self.registry = registry
        self.stored_parameter = stored_parameter
        self.journal = Journal()
        self.inventory = Inventory()
        self.change_sets: list[ChangeSet] = []
        self.lock = threading.RLock()
        self._stacks: list[Stack] = []

    @property
    def stacks(self) -> list[Stack]:
        return list(self._stacks)

    @property
    def live(self) -> list[Stack]:
        return [stack for stack in self._stacks if stack.alive]

    def add(self, name: str) -> Stack:
        """A new, empty stack."""
        unique = uuid.UUID(self.inventory.token("stack", name)[:32])
        stack = Stack(name, self.place.arn("cloudformation", f"stack/{name}/{unique}"), self.journal)
        self._stacks.append(stack)
        return stack

    def find(self, name: str) -> Stack:
        """A stack by its id, or a live stack by its name."""
        for stack in reversed(self._stacks):
            if stack.id == name or (stack.name == name and stack.alive):
                return stack
        raise ValidationError(f"Stack with id {name} does not exist")

    def get(self, name: str) -> Stack | None:
        """A live stack by name."""
        return next((stack for stack in self.live if stack.name == name), None)

    def exports(self) -> dict[str, tuple[Stack, Output]]:
        return {
            output.export: (stack, output)
            for stack in self.live
            for output in stack.state.outputs
            if output.export is not None
        }

    def importers(self, export: str) -> list[str]:
        """The stacks that import a value."""
        return sorted(stack.name for stack in self.live if export in stack.state.imports)

    def find_change_set(self, name: str, stack_name: str | None) -> ChangeSet:
        stack_id = self.find(stack_name).id if stack_name else None
        for change_set in reversed(self.change_sets):
            if change_set.id == name or (change_set.name == name and change_set.stack.id == stack_id):
                return change_set
        raise ValidationError(f"ChangeSet [{name}] does not exist", "ChangeSetNotFound")
