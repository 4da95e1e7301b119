"""CloudFormation's operations by name, behind the query protocol."""

import sys
import traceback
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.cloudformation import query
from rehearsal.cloudformation.change_sets import ChangeSets
from rehearsal.cloudformation.descriptions import Descriptions
from rehearsal.cloudformation.engine import Engine
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.operations import Operations
from rehearsal.cloudformation.submissions import ReadObject, Submissions

Operation = Callable[[Mapping[str, Any]], dict[str, Any] | None]


class Api:
    """Answers a call; unknown operations are noted and refused."""

    def __init__(self, engine: Engine, read_object: ReadObject, note_unknown: Callable[[str], None]) -> None:
        submissions = Submissions(engine.store, read_object)
        stacks = Operations(engine, submissions)
        change_sets = ChangeSets(engine, submissions, stacks)
        reads = Descriptions(engine.store, submissions)
        self._note_unknown = note_unknown
        self._operations: dict[str, Operation] = {
            "ContinueUpdateRollback": stacks.continue_update_rollback,
            "CreateChangeSet": change_sets.create_change_set,
            "CreateStack": stacks.create_stack,
            "DeleteChangeSet": change_sets.delete_change_set,
            "DeleteStack": stacks.delete_stack,
            "DescribeChangeSet": change_sets.describe_change_set,
            "DescribeEvents": reads.describe_events,
            "DescribeStackEvents": reads.describe_stack_events,
            "DescribeStackResources": reads.describe_stack_resources,
            "DescribeStacks": reads.describe_stacks,
            "ExecuteChangeSet": change_sets.execute_change_set,
            "GetTemplate": reads.get_template,
            "GetTemplateSummary": reads.get_template_summary,
            "ListChangeSets": change_sets.list_change_sets,
            "ListExports": reads.list_exports,
            "ListHookResults": reads.list_hook_results,
            "ListImports": reads.list_imports,
            "ListStackResources": reads.list_stack_resources,
            "ListStacks": reads.list_stacks,
            "RollbackStack": stacks.rollback_stack,
            "UpdateStack": stacks.update_stack,
            "UpdateTerminationProtection": stacks.update_termination_protection,
        }

    def answer(self, form: Mapping[str, str]) -> tuple[int, str]:
        """The HTTP status and the XML of a call."""
        call = query.nested(form)
        name, request_id = str(call.get("Action", "")), str(uuid.uuid4())
        operation = self._operations.get(name)
        try:
            if operation is None:
                self._note_unknown(f"cloudformation:{name}")
                raise ValidationError(f"Operation {name} is not rehearsed.", "InvalidAction")
            return 200, query.answer(name, operation(call), request_id)
        except ValidationError as error:
            return 400, query.refusal(error.code, str(error), request_id)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return 500, query.refusal("InternalFailure", f"{type(error).__name__}: {error}", request_id)
