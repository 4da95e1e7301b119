"""Reads what a caller submits: a template by text, URL or from the stack itself, with parameters and tags."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from rehearsal.cloudformation import parameters, template
from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.references import graph
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store, Submission
from rehearsal.cloudformation.template import Template
from rehearsal.cloudformation.walk import refuse_cycles

Call = Mapping[str, Any]
ReadObject = Callable[[str, str], bytes]


class Submissions:
    """Turns the parameters of a call into a checked submission."""

    def __init__(self, store: Store, read_object: ReadObject) -> None:
        self._store, self._read_object = store, read_object

    def template(self, call: Call, stack: Stack | None = None) -> Template:
        """The template that a call names."""
        if "TemplateURL" in call:
            bucket, key = object_of(str(call["TemplateURL"]))
            return template.read(self._read_object(bucket, key).decode())
        if "TemplateBody" in call:
            return template.read(str(call["TemplateBody"]))
        if is_true(call.get("UsePreviousTemplate")) and stack:
            return stack.state.template
        raise ValidationError("Either Template URL or Template Body must be specified.")

    def submission(self, call: Call, stack: Stack | None = None) -> Submission:
        """The template, checked, with the parameters and tags of the call."""
        body = self.template(call, stack)
        template.check(body, self._store.registry)
        refuse_cycles(graph(body.resources))
        given = self._given(call.get("Parameters") or [], stack)
        values = parameters.resolve(body, given, self._store.stored_parameter)
        tags = {str(tag["Key"]): str(tag["Value"]) for tag in call.get("Tags") or []}
        if "Tags" not in call and stack:
            tags = dict(stack.state.tags)
        return Submission(body, values, tags)

    @staticmethod
    def _given(rows: Sequence[Mapping[str, Any]], stack: Stack | None) -> dict[str, str]:
        given: dict[str, str] = {}
        for row in rows:
            name = str(row["ParameterKey"])
            if not is_true(row.get("UsePreviousValue")):
                given[name] = str(row.get("ParameterValue", ""))
            elif stack and name in stack.state.parameters.given:
                given[name] = stack.state.parameters.given[name]
            else:
                raise ValidationError(f"Invalid input for parameter key {name}. There is no previous value to use.")
        return given


def object_of(url: str) -> tuple[str, str]:
    """The bucket and key of an S3 URL, virtual-hosted or path style."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host, marker, _ = parts.netloc.partition(".s3.")
    if marker:
        return host, path
    bucket, _, key = path.partition("/")
    return bucket, key


def is_true(value: Any) -> bool:
    """A boolean as the query protocol sends it."""
    return str(value).lower() == "true"
