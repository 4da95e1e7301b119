"""What each request does: read, watch, create, replace, patch and delete objects."""

from typing import Any

from rehearsal.kube_api.catalogue import Catalogue
from rehearsal.kube_api.deletion import Deletion
from rehearsal.kube_api.errors import ApiError, bad_request, no_such_path, not_found
from rehearsal.kube_api.patching import Patching
from rehearsal.kube_api.requests import Answer, Request, Target, target
from rehearsal.kube_api.scale import scale_of, scaled
from rehearsal.kube_api.selectors import selector
from rehearsal.kube_api.store import Key, Store
from rehearsal.kube_api.watches import Watch
from rehearsal.kube_api.writes import WriteOptions, Writes

DEFAULT_WATCH_SECONDS = 1800.0


class Operations:
    """Answers every request that names a resource."""

    def __init__(self, store: Store, catalogue: Catalogue, writes: Writes, deletion: Deletion) -> None:
        self._store = store
        self._catalogue = catalogue
        self._writes = writes
        self._deletion = deletion
        self._patching = Patching(store, writes)

    def answer(self, request: Request) -> Answer | Watch:
        """Do what the request asks; refusals are raised."""
        with self._store.lock:
            at = target(self._catalogue, request.path)
            if at is None or not self._serves(at):
                raise no_such_path()
            match request.method:
                case "GET" if at.name:
                    return self._get(at)
                case "GET" if request.flag("watch"):
                    return self._watch(at, request)
                case "GET":
                    return self._list(at, request)
                case "POST" if not at.name:
                    return self._create(at, request)
                case "PUT" if at.name:
                    return self._replace(at, request)
                case "PATCH" if at.name:
                    return self._patch(at, request)
                case "DELETE" if at.name and not at.subresource:
                    return self._delete(at, request)
                case "DELETE" if not at.name:
                    return self._delete_collection(at, request)
                case _:
                    raise ApiError(405, "MethodNotAllowed", "the server does not allow this method here")

    def _serves(self, at: Target) -> bool:
        served = {"": True, "status": at.resource.status, "scale": at.resource.scale}
        return served.get(at.subresource, False)

    def _key(self, at: Target) -> Key:
        return Key.of(at.resource, at.namespace, at.name)

    def _found(self, at: Target) -> dict[str, Any]:
        value = self._store.find(self._key(at))
        if value is None:
            raise not_found(at.resource.qualified_plural, at.name)
        return {**value, "apiVersion": at.resource.group_version}

    def _get(self, at: Target) -> Answer:
        value = self._found(at)
        return Answer(scale_of(value) if at.subresource == "scale" else value)

    def _list(self, at: Target, request: Request) -> Answer:
        selects = _selector(request)
        items = [value for value in self._store.values(at.resource, at.namespace) if selects(value)]
        metadata = {"resourceVersion": str(self._store.resource_version)}
        kind = {"kind": f"{at.resource.kind}List", "apiVersion": at.resource.group_version}
        return Answer({**kind, "metadata": metadata, "items": items})

    def _watch(self, at: Target, request: Request) -> Watch:
        return Watch(
            resource=at.resource,
            namespace=at.namespace,
            selects=_selector(request),
            resource_version=request.query.get("resourceVersion", ""),
            send_initial_events=request.flag("sendInitialEvents"),
            timeout_seconds=float(request.query.get("timeoutSeconds") or DEFAULT_WATCH_SECONDS),
        )

    def _create(self, at: Target, request: Request) -> Answer:
        options = _options(at, request)
        value = _object(at, request)
        created = self._writes.create(at.resource, at.namespace, value, options)
        return Answer(created, code=201, warnings=options.warnings)

    def _replace(self, at: Target, request: Request) -> Answer:
        options = _options(at, request)
        value = _object(at, request)
        if at.subresource == "scale":
            value = scaled(self._found(at), value)
        saved = self._writes.replace(at.resource, self._key(at), value, options)
        return Answer(scale_of(saved) if at.subresource == "scale" else saved, warnings=options.warnings)

    def _patch(self, at: Target, request: Request) -> Answer:
        options = _options(at, request)
        value, code = self._patching.patch(at, request, options)
        return Answer(value, code=code, warnings=options.warnings)

    def _delete(self, at: Target, request: Request) -> Answer:
        value = self._found(at)
        options = request.object()
        wanted = (options.get("preconditions") or {}).get("uid")
        if wanted not in (None, "", value["metadata"]["uid"]):
            raise ApiError(409, "Conflict", f"the UID in the precondition ({wanted}) is not the object's")
        if not _dry_run(request) and not options.get("dryRun"):
            value = self._deletion.delete(self._key(at), _propagation(request, options))
            if self._store.find(self._key(at)):
                return Answer({**value, "apiVersion": at.resource.group_version})
        details = {"name": at.name, "group": at.resource.group, "kind": at.resource.plural}
        details["uid"] = value["metadata"]["uid"]
        return Answer({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})

    def _delete_collection(self, at: Target, request: Request) -> Answer:
        selects, options = _selector(request), request.object()
        chosen = [value for value in self._store.values(at.resource, at.namespace) if selects(value)]
        for value in chosen if not _dry_run(request) else []:
            metadata = value["metadata"]
            key = Key.of(at.resource, metadata.get("namespace", ""), metadata["name"])
            if self._store.find(key):
                self._deletion.delete(key, _propagation(request, options))
        kind = {"kind": f"{at.resource.kind}List", "apiVersion": at.resource.group_version}
        return Answer({**kind, "metadata": {}, "items": chosen})


def _object(at: Target, request: Request) -> dict[str, Any]:
    value = request.object()
    return without_nulls(value) if at.resource.schema is None else value


def without_nulls(value: Any) -> Any:
    """Built-in kinds are typed: a null in them is a field that is not there."""
    if isinstance(value, dict):
        return {name: without_nulls(child) for name, child in value.items() if child is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _selector(request: Request) -> Any:
    return selector(request.query.get("labelSelector", ""), request.query.get("fieldSelector", ""))


def _dry_run(request: Request) -> bool:
    return request.query.get("dryRun") == "All"


def _propagation(request: Request, options: dict[str, Any]) -> str:
    policy = request.query.get("propagationPolicy") or options.get("propagationPolicy") or "Background"
    if policy not in ("Background", "Foreground", "Orphan"):
        raise bad_request(f'propagationPolicy: "{policy}": supported values: "Background", "Foreground", "Orphan"')
    return policy


def _options(at: Target, request: Request) -> WriteOptions:
    return WriteOptions(
        manager=request.query.get("fieldManager") or request.user_agent.partition("/")[0] or "unknown",
        dry_run=_dry_run(request),
        validation=request.query.get("fieldValidation") or "Warn",
        status=at.subresource == "status",
    )
