"""Reads what Helm and charts write: YAML as Kubernetes means it, with libyaml's speed."""

from functools import cache
from typing import Any

import yaml

VALUE, TIMESTAMP = "tag:yaml.org,2002:value", "tag:yaml.org,2002:timestamp"


@cache
def _loader() -> Any:
    """A loader for which `=` is text, as in Prometheus' definitions, and a date too: Kubernetes knows neither."""
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("ChartLoader", (base,), {})
    loader.add_constructor(VALUE, _as_text)
    loader.yaml_implicit_resolvers = {
        first: [(tag, expression) for tag, expression in resolvers if tag != TIMESTAMP]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    return loader


def _as_text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def load_yaml(text: str | bytes) -> Any:
    """One document; raises ValueError with the place of a mistake."""
    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {error}") from error
