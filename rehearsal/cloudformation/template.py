"""Reads a template from JSON or YAML and refuses one that CloudFormation would refuse at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.references import depends_on, mentioned
from rehearsal.cloudformation.schemas import Registry


@dataclass(frozen=True)
class Template:
    """A template: its text as sent, and its sections."""

    body: str = "{}"
    content: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def section(self, name: str) -> dict[str, Any]:
        return dict(self.content.get(name) or {})

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        return self.section("Resources")

    @property
    def outputs(self) -> dict[str, dict[str, Any]]:
        return self.section("Outputs")

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return self.section("Parameters")


def read(body: str) -> Template:
    """A template from its text."""
    try:
        content = json.loads(body) if body.lstrip().startswith("{") else _yaml(body)
    except ValueError as error:
        raise ValidationError(f"Template format error: {error}") from error
    if not isinstance(content, dict):
        raise ValidationError("Template format error: unsupported structure.")
    return Template(body, content)


def check(template: Template, registry: Registry) -> None:
    """Refuse templates that CloudFormation refuses before it starts."""
    resources = template.resources
    if not resources:
        raise ValidationError("Template format error: At least one Resources member must be defined.")
    if "Transform" in template.content:
        raise ValidationError("Transforms are not rehearsed: deploy a template without a Transform section.")
    untyped = sorted(logical_id for logical_id, resource in resources.items() if "Type" not in resource)
    if untyped:
        raise ValidationError(
            f"Template format error: [/Resources/{untyped[0]}] Every Resources object must have Type."
        )
    unknown = sorted({resource["Type"] for resource in resources.values() if not registry.known(resource["Type"])})
    if unknown:
        raise ValidationError(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
    _check_references(template)


def _check_references(template: Template) -> None:
    resources = template.resources
    defined = set(resources) | set(template.parameters)
    for section, entries in (("Resources", resources), ("Outputs", template.outputs)):
        used: set[str] = set()
        for entry in entries.values():
            used |= mentioned(entry.get("Properties", {}) if section == "Resources" else entry) | depends_on(entry)
        missing = sorted(name for name in used - defined if not name.startswith("AWS::"))
        if missing:
            names = ", ".join(missing)
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{names}] "
                f"in the {section} block of the template"
            )


def _yaml(body: str) -> Any:
    import yaml

    try:
        return yaml.load(body, Loader=_loader())
    except yaml.YAMLError as error:
        raise ValidationError(f"Template format error: YAML not well-formed. {error}") from error


@lru_cache(maxsize=1)
def _loader() -> Any:
    """PyYAML's safe loader with the short forms (`!Ref`), and without dates: a version stays text."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def short_form(loader: Any, suffix: str, node: Any) -> Any:
        key = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        return {key: value.split(".", 1) if key == "Fn::GetAtt" and isinstance(value, str) else value}

    Loader.add_multi_constructor("!", short_form)
    return Loader
