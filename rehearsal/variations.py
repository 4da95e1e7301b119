"""Writes variations of an environment's file: one changed chart value, protection off, another address range."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ANNOTATION = "compute-plane/rehearsal"
# Charts that take annotations for their pods at the top of their values.
CHANGEABLE = ("aws-load-balancer-controller", "karpenter", "istio-gateway-internal", "istio-gateway-external")


def with_chart_value(file: Path, target: Path, *, addon: str, value: str) -> Path:
    """The file with one more annotation on the add-on's pods."""
    document = _read(file)
    settings = document["addons"][addon] or {}
    document["addons"][addon] = settings
    settings.setdefault("values", {}).setdefault("podAnnotations", {})[ANNOTATION] = value
    return _write(document, target)


def without_protection(file: Path, target: Path) -> Path:
    """The file with `protection: false`."""
    document = _read(file)
    document["protection"] = False
    return _write(document, target)


def with_other_cidr(file: Path, target: Path) -> Path:
    """The file with another address range, which CloudFormation can only give to a new VPC."""
    document = _read(file)
    prefix = document["network"]["cidr"].partition("/")[2]
    document["network"]["cidr"] = f"172.31.0.0/{prefix}" if prefix != "16" else "172.30.0.0/16"
    return _write(document, target)


def _read(file: Path) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))


def _write(document: dict[str, Any], target: Path) -> Path:
    with target.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(document, stream)
    return target
