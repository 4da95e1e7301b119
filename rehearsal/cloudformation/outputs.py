"""Resolves a stack's outputs and protects the exports that other stacks import."""

from rehearsal.cloudformation.errors import StackRefusal, ValidationError
from rehearsal.cloudformation.intrinsics import text
from rehearsal.cloudformation.scope import StackScope
from rehearsal.cloudformation.stack import Output, Stack
from rehearsal.cloudformation.store import Store, Submission


def resolve_outputs(store: Store, stack: Stack, submission: Submission, scope: StackScope) -> tuple[Output, ...]:
    """The outputs; raises StackRefusal where an export clashes or is in use."""
    outputs: list[Output] = []
    for key, declared in submission.template.outputs.items():
        if "Condition" in declared and not scope.condition(declared["Condition"]):
            continue
        try:
            value = text(scope.resolve(declared["Value"]))
            export = text(scope.resolve(declared["Export"]["Name"])) if "Export" in declared else None
        except ValidationError as error:
            raise StackRefusal(f"Output {key}: {error}") from error
        outputs.append(Output(key, value, export, declared.get("Description")))
    _refuse_export_clashes(store, stack, outputs)
    return tuple(outputs)


def _refuse_export_clashes(store: Store, stack: Stack, outputs: list[Output]) -> None:
    exports = store.exports()
    wanted = {output.export: output.value for output in outputs if output.export}
    for name in wanted:
        if name in exports and exports[name][0] is not stack:
            raise StackRefusal(f"Export with name {name} is already exported by stack {exports[name][0].name}")
    for output in stack.state.outputs:
        if output.export is None or wanted.get(output.export) == output.value:
            continue
        if users := [name for name in store.importers(output.export) if name != stack.name]:
            verb = "update" if output.export in wanted else "delete"
            raise StackRefusal(f"Cannot {verb} export {output.export} as it is in use by {', '.join(users)}.")
