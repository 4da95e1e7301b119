"""Refuses an update that would leave other stacks with the name of something that is gone.

This guard is the rehearsal's own, not CloudFormation's. A value read with Fn::GetStackOutput is a weak reference:
CloudFormation lets its producer change, and the CDK command line skips a consumer stack whose own template did not
change, so a replaced resource would stay in the consumer under its old identifier. The rehearsal says so first.
"""

from collections.abc import Iterable

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.preview import Change
from rehearsal.cloudformation.references import mentioned
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store


def refuse_stale_readers(store: Store, stack: Stack, changes: Iterable[Change]) -> None:
    """Raise for a replaced or removed resource that an output shows to a live stack."""
    readers = _readers(store, stack)
    refusals: list[str] = []
    for change in changes:
        if not (change.replaced_by or change.action == "Remove"):
            continue
        stacks = sorted({reader for output in readers.get(change.logical_id, {}).values() for reader in output})
        if not stacks:
            continue
        outputs = ", ".join(sorted(readers[change.logical_id]))
        what = "would be removed"
        if change.replaced_by:
            what = f"would be replaced, because {', '.join(change.replaced_by)} changes"
        refusals.append(
            f"{change.logical_id} ({change.type}) {what}, but {', '.join(stacks)} read it through Fn::GetStackOutput "
            f"of {outputs} and would keep the old value"
        )
    if refusals:
        raise ValidationError(
            f"Rehearsal guard: stack {stack.name} is not changed. {'; '.join(refusals)}. "
            "Take the reference out of those stacks first, or keep the resource."
        )


def _readers(store: Store, stack: Stack) -> dict[str, dict[str, set[str]]]:
    """By logical id and output: the live stacks that read the output."""
    found: dict[str, dict[str, set[str]]] = {}
    for key, declared in stack.state.template.outputs.items():
        stacks = {one.name for one in store.live if one is not stack and (stack.name, key) in one.state.reads}
        if stacks:
            for name in mentioned(declared.get("Value")):
                found.setdefault(name, {})[key] = stacks
    return found
