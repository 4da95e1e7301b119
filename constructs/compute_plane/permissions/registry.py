"""What CloudFormation's handlers may call, from the registry schemas that ship inside cfn-lint."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from compute_plane.errors import UserError

# Deployments never list: resources are read by the ids that the stack knows.
HANDLERS = ("create", "read", "update", "delete")


class Registry:
    """The registry of one region."""

    def __init__(self, region: str) -> None:
        try:
            from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
        except ModuleNotFoundError:
            raise UserError(
                "the registry's schemas come with cfn-lint, which is not installed: pip install -r requirements-dev.txt"
            ) from None
        self._region, self._manager = region, PROVIDER_SCHEMA_MANAGER
        self._schema = cache(self._read)

    def handlers(self, resource_type: str) -> Mapping[str, frozenset[str]]:
        """The actions that each handler of a type lists, and those of its tags; none for a type without handlers."""
        schema = self._schema(resource_type)
        handlers: Mapping[str, Any] = schema.get("handlers", {})
        listed = {name: frozenset(handlers[name].get("permissions", ())) for name in HANDLERS if name in handlers}
        tagging = schema.get("tagging", {})
        # Stacks tag what they own, whether or not the template does.
        return listed | ({"tags": frozenset(tagging.get("permissions", ()))} if tagging.get("taggable") else {})

    def is_tagged(self, resource_type: str) -> bool:
        """Whether CloudFormation tags resources of the type with the name of their stack, while it makes them."""
        tagging = self._schema(resource_type).get("tagging", {})
        return bool(tagging.get("cloudFormationSystemTags") and tagging.get("tagOnCreate"))

    def _read(self, resource_type: str) -> dict[str, Any]:
        from cfnlint.schema._exceptions import ResourceNotFoundError

        try:
            return self._manager.get_resource_schema(self._region, resource_type).schema
        except ResourceNotFoundError:
            return {}
