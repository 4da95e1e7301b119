"""A stack, and what must be undone if its present operation fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rehearsal.cloudformation.journal import Journal, now
from rehearsal.cloudformation.parameters import ParameterValues
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.template import Template

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Output:
    """An output with its resolved value."""

    key: str
    value: str
    export: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class State:
    """What a stack was deployed from; rollback returns to the last good one."""

    template: Template = field(default_factory=Template)
    parameters: ParameterValues = field(default_factory=lambda: ParameterValues({}, {}))
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: tuple[Output, ...] = ()
    imports: frozenset[str] = frozenset()
    reads: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Undo:
    """A change of the present operation: the resource before it (None if it was made) and after."""

    logical_id: str
    before: Resource | None
    after: Resource
    imported: bool = False


@dataclass
class Stack:
    """One stack; only the thread that runs its operation changes it."""

    name: str
    id: str
    journal: Journal
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    created: str = field(default_factory=now)
    updated: str | None = None
    deleted: str | None = None
    protected: bool = False
    disable_rollback: bool = False
    role: str | None = None
    state: State = field(default_factory=State)
    last_good: State | None = None
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    undo: list[Undo] = field(default_factory=list[Undo])

    @property
    def alive(self) -> bool:
        return self.status != "DELETE_COMPLETE"

    @property
    def busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def enter(self, status: str, reason: str | None = None) -> None:
        """Change the stack's status and say so in its events."""
        self.status, self.reason = status, reason
        if status == "DELETE_COMPLETE":
            self.deleted = now()
        if status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"):
            self.updated = now()
        self.event(self.name, STACK_TYPE, status, physical_id=self.id, reason=reason)

    def event(
        self, logical_id: str, resource_type: str, status: str, *, physical_id: str = "", reason: str | None = None
    ) -> None:
        self.journal.write(
            (self.id, self.name), logical_id, resource_type, status, physical_id=physical_id, reason=reason
        )
