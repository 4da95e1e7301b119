"""OpenAPI, as little as kubectl asks of it: that every kind accepts `fieldValidation` and `dryRun`.

There are no schemas: clients then patch custom resources by merge and built-in kinds by their own types.
"""

from typing import Any

from rehearsal.kube_api.catalogue import Catalogue, Resource
from rehearsal.kube_api.errors import no_such_path
from rehearsal.kube_api.requests import Answer

ROOT = "/openapi/v3"
V2_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
V2_DOCUMENT = b"\x0a\x032.0"  # field 1, `swagger`


def openapi(catalogue: Catalogue, path: str) -> Answer:
    """The list of documents, or the document of one group and version."""
    documents: dict[str, list[Resource]] = {}
    for resource in catalogue:
        root = "apis" if resource.group else "api"
        documents.setdefault(f"{root}/{resource.group_version}", []).append(resource)
    if path == ROOT:
        return Answer({"paths": {name: {"serverRelativeURL": f"{ROOT}/{name}"} for name in documents}})
    name = path.removeprefix(f"{ROOT}/")
    if name not in documents:
        raise no_such_path()
    paths = {f"/{name}/{resource.plural}/{{name}}": _operations(resource) for resource in documents[name]}
    return Answer(
        {
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes", "version": "rehearsal"},
            "paths": paths,
            "components": {"schemas": {}},
        }
    )


def openapi_v2() -> Answer:
    """An empty document, which kubectl reads when v3 does not know a kind, to say so in its own words."""
    return Answer(V2_DOCUMENT, content_type=V2_TYPE)


def _operations(resource: Resource) -> dict[str, Any]:
    kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("dryRun", "fieldValidation")]
    patch = {
        "operationId": f"patch{resource.kind}",
        "parameters": parameters,
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": kind,
    }
    return {"patch": patch}
