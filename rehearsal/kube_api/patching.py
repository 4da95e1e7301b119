"""PATCH: which of the four patch formats a request carries, and what becomes of the object."""

from typing import Any

from rehearsal.kube_api.defaults import fill_built_in
from rehearsal.kube_api.errors import bad_request, not_found, unsupported_media_type
from rehearsal.kube_api.patches import json_patch, merge_patch
from rehearsal.kube_api.requests import Request, Target
from rehearsal.kube_api.scale import scale_of, scaled
from rehearsal.kube_api.server_side_apply import apply
from rehearsal.kube_api.store import Key, Store
from rehearsal.kube_api.strategic import strategic_merge_patch
from rehearsal.kube_api.writes import WriteOptions, Writes

JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"


class Patching:
    """Computes the next state of an object and writes it."""

    def __init__(self, store: Store, writes: Writes) -> None:
        self._store = store
        self._writes = writes

    def patch(self, at: Target, request: Request, options: WriteOptions) -> tuple[dict[str, Any], int]:
        """The patched object (or its scale) and the HTTP code."""
        format = request.content_type.partition(";")[0].strip()
        if format == APPLY:
            return self._apply(at, request, options)
        key = Key.of(at.resource, at.namespace, at.name)
        value = self._store.find(key)
        if value is None:
            raise not_found(at.resource.qualified_plural, at.name)
        value["apiVersion"] = at.resource.group_version
        if at.subresource == "scale":
            value = scaled(value, self._patched(format, at, request, scale_of(value)))
        else:
            value = self._patched(format, at, request, value)
        saved = self._writes.replace(at.resource, key, value, options)
        return (scale_of(saved) if at.subresource == "scale" else saved), 200

    def _patched(self, format: str, at: Target, request: Request, value: dict[str, Any]) -> dict[str, Any]:
        built_in = at.resource.schema is None
        if format == JSON_PATCH:
            operations = request.content()
            if not isinstance(operations, list):
                raise bad_request("a JSON patch must be a list of operations")
            return json_patch(value, operations)
        if format == STRATEGIC and built_in:
            return strategic_merge_patch(value, request.object())
        if format == MERGE:
            return merge_patch(value, request.object())
        accepted = [JSON_PATCH, MERGE, APPLY, *([STRATEGIC] if built_in else [])]
        raise unsupported_media_type(
            "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted)
        )

    def _apply(self, at: Target, request: Request, options: WriteOptions) -> tuple[dict[str, Any], int]:
        if not request.query.get("fieldManager"):
            raise bad_request("fieldManager: Required value: is required for apply patch")
        if at.subresource:
            raise unsupported_media_type(f"server-side apply to {at.subresource} is not supported")
        configuration = request.object()
        if at.resource.kind == "Secret":
            configuration.setdefault("metadata", {}).setdefault("name", at.name)
            fill_built_in(at.resource, configuration)
        key = Key.of(at.resource, at.namespace, at.name)
        live = self._store.find(key)
        owners = self._store.owners(key)
        start = live or {"metadata": {"name": at.name}}
        start["apiVersion"], start["kind"] = at.resource.group_version, at.resource.kind
        merged = apply(
            start,
            configuration,
            owners,
            manager=options.manager,
            force=request.flag("force"),
            schema=at.resource.schema,
        )
        if live is None:
            created = self._writes.create(at.resource, at.namespace, merged, options, name=at.name, owners=owners)
            return created, 201
        return self._writes.replace(at.resource, key, merged, options, owners), 200
