"""Merges an operator's Helm values over the plane's own."""

from collections.abc import Mapping
from typing import Any


def merge(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """`override` over `base`: maps merge key by key, everything else is replaced; neither is changed.

    A null takes one of our values away. Unlike in Helm it cannot take away a chart's default: CDK drops nulls.
    """
    merged = dict(base)
    for key, value in override.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged
