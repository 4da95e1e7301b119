"""One physical resource of a stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RETAINING = ("Retain", "RetainExceptOnCreate")
SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")


@dataclass(frozen=True)
class Resource:
    """What CloudFormation remembers of a resource; changing one makes a new record.

    `token` holds its names in the inventory and is what its identifiers were derived from.
    """

    logical_id: str
    type: str
    physical_id: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    token: str = ""
    needs: frozenset[str] = field(default_factory=frozenset[str])
    status: str = "CREATE_COMPLETE"

    @property
    def is_custom(self) -> bool:
        return is_custom(self.type)


def is_custom(resource_type: str) -> bool:
    """Whether a Lambda function makes resources of this type."""
    return resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"


def deletion_policy(declared: Mapping[str, Any]) -> str:
    """The DeletionPolicy of a resource in a template, or CloudFormation's default for its type."""
    by_default = "Delete"
    standalone = "DBClusterIdentifier" not in declared.get("Properties", {})
    if declared["Type"] in SNAPSHOT_BY_DEFAULT and standalone:
        by_default = "Snapshot"
    return str(declared.get("DeletionPolicy", by_default))
