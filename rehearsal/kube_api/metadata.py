"""Object metadata: what the server fills in on each write, and the names, labels and sizes it refuses."""

import datetime
import re
import uuid
from collections.abc import Iterator
from typing import Any

from rehearsal.kube_api.catalogue import Resource
from rehearsal.kube_api.errors import bad_request, invalid

# The built-in kinds with a generation; every custom kind has one.
COUNTED = frozenset(
    (
        *("CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"),
        *("CustomResourceDefinition", "Ingress", "IngressClass", "NetworkPolicy", "PodDisruptionBudget"),
        *("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "FlowSchema", "PriorityLevelConfiguration"),
    )
)
LARGEST_ANNOTATIONS_BYTES = 262_144
LARGEST_DATA_BYTES = 1_048_576
SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
PATH_SEGMENT = re.compile(r"(?!\.\.?$)[^/%]+")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
QUALIFIED_NAME = re.compile(r"([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")


def timestamp() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def identify(resource: Resource, value: dict[str, Any], namespace: str, name: str) -> None:
    """Give an object its kind, name and namespace, refusing one that disagrees with its path."""
    for key, expected in (("apiVersion", resource.group_version), ("kind", resource.kind)):
        if value.setdefault(key, expected) != expected:
            raise bad_request(f"{key} in the object ({value[key]}) does not match the request ({expected})")
    metadata = value.get("metadata")
    if metadata is None:
        metadata = value["metadata"] = {}
    if not metadata.get("name"):
        prefix = metadata.get("generateName")
        if name:
            metadata["name"] = name
        elif prefix:
            metadata["name"] = prefix + uuid.uuid4().hex[:5]
        else:
            raise invalid(resource.qualified_kind, "", ["metadata.name: Required value: name is required"])
    if name and metadata["name"] != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    if not resource.namespaced:
        metadata.pop("namespace", None)
    elif metadata.setdefault("namespace", namespace) != namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")


def check_metadata(resource: Resource, value: dict[str, Any]) -> None:
    """Refuse names, labels and sizes that the server refuses."""
    found = list(_metadata_problems(resource, value))
    if found:
        raise invalid(resource.qualified_kind, value["metadata"]["name"], found)


def _metadata_problems(resource: Resource, value: dict[str, Any]) -> Iterator[str]:
    metadata = value["metadata"]
    name = metadata["name"]
    form = PATH_SEGMENT if resource.group == "rbac.authorization.k8s.io" else SUBDOMAIN
    if not form.fullmatch(name) or len(name) > 253:
        yield (
            f'metadata.name: Invalid value: "{name}": a lowercase RFC 1123 subdomain must consist of lower '
            "case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
        )
    for key, label in (metadata.get("labels") or {}).items():
        if not QUALIFIED_NAME.fullmatch(key):
            yield f'metadata.labels: Invalid value: "{key}": not a qualified name such as example.com/name'
        if not isinstance(label, str) or not LABEL_VALUE.fullmatch(label) or len(label) > 63:
            yield (
                f'metadata.labels: Invalid value: "{label}": a valid label must be an empty string or '
                "consist of at most 63 alphanumeric characters, '-', '_' or '.'"
            )
    annotations: dict[str, Any] = metadata.get("annotations") or {}
    for key, annotation in annotations.items():
        if not isinstance(annotation, str):
            yield f'metadata.annotations.{key}: Invalid value: "{annotation}": must be a string'
    if _text_bytes(annotations) > LARGEST_ANNOTATIONS_BYTES:
        yield f"metadata.annotations: Too long: may not be more than {LARGEST_ANNOTATIONS_BYTES} bytes"
    encoded = {"ConfigMap": 1.0, "Secret": 4 / 3}.get(resource.qualified_kind)
    if encoded and _text_bytes(value.get("data") or {}) > LARGEST_DATA_BYTES * encoded:
        yield f"data: Too long: may not be more than {LARGEST_DATA_BYTES} bytes"


def _text_bytes(texts: dict[str, Any]) -> int:
    return sum(len(key.encode()) + len(str(text).encode()) for key, text in texts.items())


def inherit(resource: Resource, value: dict[str, Any], old: dict[str, Any] | None) -> None:
    """Set what only the server may set: uid, times, and the generation of kinds that count theirs."""
    metadata = value["metadata"]
    known: dict[str, Any] = old["metadata"] if old else {}
    metadata["uid"] = known.get("uid") or str(uuid.uuid4())
    metadata["creationTimestamp"] = known.get("creationTimestamp") or timestamp()
    metadata.pop("managedFields", None)
    metadata.pop("deletionTimestamp", None)
    if "deletionTimestamp" in known:
        metadata["deletionTimestamp"] = known["deletionTimestamp"]
    metadata.pop("generation", None)
    if resource.schema or resource.kind in COUNTED:
        changed = old is None or _desired(old) != _desired(value)
        metadata["generation"] = known.get("generation", 0) + int(changed)


def _desired(value: dict[str, Any]) -> dict[str, Any]:
    return {key: child for key, child in value.items() if key not in ("apiVersion", "metadata", "status")}
