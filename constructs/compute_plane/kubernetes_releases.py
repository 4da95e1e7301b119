"""The table of Kubernetes releases: support dates, and which kubectl layer serves each."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

SOON_DAYS = 90


@dataclass(frozen=True)
class Release:
    """One minor version as Amazon EKS offers it."""

    version: str
    standard_until: date | None
    extended_until: date | None
    kubectl_layer: str | None

    def warning(self, today: date) -> str | None:
        """What an operator should know about this version's support, or nothing."""
        if self.extended_until and today >= self.extended_until:
            return (
                f"Kubernetes {self.version}: extended support ended on {self.extended_until}; EKS no longer creates it."
            )
        if self.standard_until and today >= self.standard_until:
            return (
                f"Kubernetes {self.version}: standard support ended on {self.standard_until}; "
                "the control plane costs six times as much until it is upgraded."
            )
        if self.standard_until and (self.standard_until - today).days <= SOON_DAYS:
            return f"Kubernetes {self.version}: standard support ends on {self.standard_until}; plan the upgrade."
        return None


@cache
def releases() -> dict[str, Release]:
    """Every release in the table, by version."""
    table = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml").read_text())
    return {version: Release(version=version, **row) for version, row in table.items()}
