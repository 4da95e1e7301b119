"""What a submission would change, before anything changes: the contents of a change set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.intrinsics import Resolver, Scope
from rehearsal.cloudformation.references import graph, mentioned
from rehearsal.cloudformation.resource import RETAINING, Resource, deletion_policy
from rehearsal.cloudformation.scope import StackScope
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Submission
from rehearsal.cloudformation.walk import refuse_cycles

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


@dataclass(frozen=True)
class Change:
    """One resource of a change set; `replaced_by` are the create-only properties that change."""

    logical_id: str
    type: str
    action: str
    physical_id: str = ""
    policy: str = "Delete"
    properties: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    replacement: str | None = None


class _PreviewResolver(Resolver):
    """A function of something unknown is unknown as a whole: there is nothing to split or to select from."""

    def __init__(self, scope: Scope, unknown: set[str]) -> None:
        super().__init__(scope)
        self._unknown = unknown

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict) and len(value) == 1:
            (function, argument), *_ = value.items()
            if str(function).startswith("Fn::") and function != "Fn::If" and mentioned(argument) & self._unknown:
                return UNKNOWN
        return super().__call__(value)


class _PreviewScope(StackScope):
    """Resources that will be made or replaced have no known values yet."""

    def __init__(self, engine: Engine, stack: Stack, submission: Submission) -> None:
        super().__init__(engine.store, stack, submission, stack.resources)
        self.unknown: set[str] = set()
        self.resolve = _PreviewResolver(self, self.unknown)

    def reference(self, name: str) -> Any:
        return UNKNOWN if name in self.unknown else super().reference(name)

    def attribute(self, logical_id: str, attribute: str) -> Any:
        return UNKNOWN if logical_id in self.unknown else super().attribute(logical_id, attribute)


def preview(engine: Engine, stack: Stack, submission: Submission, *, import_existing: bool = False) -> list[Change]:
    """The changes, dependencies first; raises ValidationError where nothing could be deployed."""
    scope = _PreviewScope(engine, stack, submission)
    wanted = scope.wanted()
    changes: list[Change] = []
    affected: list[str] = []
    for logical_id in _order(wanted):
        declared = wanted[logical_id]
        resolved: dict[str, Any] = scope.resolve(declared.get("Properties", {}))
        current = stack.resources.get(logical_id)
        if current is None or current.status == "CREATE_FAILED":
            change = _addition(engine, stack, logical_id, declared, resolved, import_existing)
            if change.action == "Import" and deletion_policy(declared) not in RETAINING:
                affected.append(f"{logical_id} ({_identifier(engine, change, resolved)})")
        elif current.properties == resolved:
            continue
        else:
            change = _modification(engine, current, declared, resolved)
        changes.append(change)
        if change.action in ("Add", "Import") or change.replaced_by:
            scope.unknown.add(logical_id)
    if affected:
        raise ValidationError(
            "CloudFormation is attempting to import some resources because they already exist in your account. "
            "The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the "
            f"template for successful import. The affected resources are {', '.join(affected)}"
        )
    removed = [resource for logical_id, resource in stack.resources.items() if logical_id not in wanted]
    return changes + [
        Change(one.logical_id, one.type, "Remove", one.physical_id, one.deletion_policy) for one in removed
    ]


def _order(wanted: Mapping[str, Mapping[str, Any]]) -> list[str]:
    needs = graph(wanted)
    refuse_cycles(needs)
    ordered: list[str] = []
    while len(ordered) < len(needs):
        done = set(ordered)
        ordered += [one for one, needed in needs.items() if one not in done and needed <= done]
    return ordered


def _addition(
    engine: Engine,
    stack: Stack,
    logical_id: str,
    declared: Mapping[str, Any],
    resolved: Mapping[str, Any],
    import_existing: bool,
) -> Change:
    request = engine.request(stack, logical_id, declared["Type"], resolved, token="preview")
    found = engine.store.inventory.find_retained(engine.identity.keys(request)) if import_existing else None
    if found is None:
        return Change(logical_id, declared["Type"], "Add")
    return Change(logical_id, declared["Type"], "Import", found.resource.physical_id)


def _modification(engine: Engine, current: Resource, declared: Mapping[str, Any], new: dict[str, Any]) -> Change:
    registry, old = engine.store.registry, dict(current.properties)
    if current.type != declared["Type"]:
        raise ValidationError(
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{current.logical_id}]"
        )
    changed = tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))
    replaced_by = () if current.is_custom else tuple(registry.replaced_by(current.type, old, new))
    perhaps = () if current.is_custom else tuple(registry.perhaps_replaced_by(current.type, old, new))
    certain = any(UNKNOWN not in str(new.get(name.split(".")[0])) for name in replaced_by)
    replacement = "True" if certain else "Conditional" if replaced_by or perhaps else "False"
    policy = str(declared.get("UpdateReplacePolicy", "Delete")) if replaced_by else ""
    return Change(
        current.logical_id,
        current.type,
        "Modify",
        current.physical_id,
        policy,
        changed,
        replaced_by,
        replacement,
    )


def _identifier(engine: Engine, change: Change, resolved: Mapping[str, Any]) -> str:
    name = engine.store.registry.name_property(change.type)
    return f"{name}={resolved[name]}" if name and name in resolved else change.physical_id
