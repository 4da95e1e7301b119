"""How lists merge: which fields identify an item of a list of objects, and which lists are replaced whole."""

from typing import Any

Schema = dict[str, Any]

# The merge keys of built-in kinds by field name. All other lists are atomic: args, command, tolerations,
# rules, subjects, hosts, accessModes and so on.
MERGE_KEYS: dict[str, tuple[str, ...]] = {
    "conditions": ("type",),
    "containers": ("name",),
    "env": ("name",),
    "ephemeralContainers": ("name",),
    "hostAliases": ("ip",),
    "imagePullSecrets": ("name",),
    "initContainers": ("name",),
    "ownerReferences": ("uid",),
    "resourceClaims": ("name",),
    "schedulingGates": ("name",),
    "secrets": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "validations": ("expression",),
    "volumeDevices": ("devicePath",),
    "volumeMounts": ("mountPath",),
    "volumes": ("name",),
    "webhooks": ("name",),
}
# Ports are keyed by another field in a container than in a Service; the protocol defaults to TCP.
PORT_KEYS = ("containerPort", "port")
SETS = frozenset({"finalizers"})
KEY_DEFAULTS = {"protocol": "TCP"}


def merge_keys(name: str, items: list[Any], schema: Schema | None = None) -> tuple[str, ...]:
    """The fields that identify an item of the list called `name`; none for an atomic list."""
    if not items or not all(isinstance(item, dict) for item in items):
        return ()
    if schema is not None and schema.get("x-kubernetes-list-type") == "map":
        return tuple(schema["x-kubernetes-list-map-keys"])
    if schema is not None:
        return ()
    if name == "ports":
        port = next((key for key in PORT_KEYS if all(key in item for item in items)), None)
        return (port, "protocol") if port else ()
    keys = MERGE_KEYS.get(name, ())
    return keys if all(key in item for item in items for key in keys) else ()


def is_set(name: str, schema: Schema | None = None) -> bool:
    """Whether a list of scalars merges as a set instead of being replaced."""
    if schema is not None:
        return schema.get("x-kubernetes-list-type") == "set"
    return name in SETS


def child_schema(schema: Schema | None, name: str) -> Schema | None:
    """The schema of a field below a schema; metadata is every kind's own and has none."""
    if schema is None or name == "metadata":
        return None
    properties = schema.get("properties", {})
    additional = schema.get("additionalProperties")
    return properties.get(name) or (additional if isinstance(additional, dict) else {})


def identity(item: dict[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(item.get(key, KEY_DEFAULTS.get(key)) for key in keys)
