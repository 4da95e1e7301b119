"""Secrets and ConfigMaps that pods name and nobody makes: a kubelet would wait for them, a fake node does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]
VOLUME_SOURCES = (("secret", "Secret"), ("configMap", "ConfigMap"))
ENVIRONMENT_SOURCES = (("secretRef", "Secret"), ("configMapRef", "ConfigMap"))
VALUE_SOURCES = (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap"))


@dataclass(frozen=True)
class Reference:
    """What a pod names; no key means all of it."""

    kind: str
    name: str
    key: str | None
    place: str


def missing(objects: Sequence[Object]) -> list[str]:
    """One line for each thing that is named and neither there nor promised."""
    present = {identity(one): frozenset(keys_of(one)) for one in objects if one["kind"] in ("Secret", "ConfigMap")}
    promised = {secret for one in objects for secret in promises(one)}
    found: set[str] = set()
    for pod in (one for one in objects if one["kind"] == "Pod"):
        namespace = str(pod["metadata"]["namespace"])
        owner = (pod["metadata"].get("ownerReferences") or [pod["metadata"]])[0]["name"]
        for reference in references(pod["spec"]):
            keys = present.get((reference.kind, namespace, reference.name))
            made = keys is not None and (reference.key is None or reference.key in keys)
            if not made and (reference.kind, namespace, reference.name) not in promised:
                what = f"{reference.kind} {reference.name}" + (f" key {reference.key}" if reference.key else "")
                found.add(f"{namespace}/{owner} names {what} ({reference.place}), and nobody makes it")
    return sorted(found)


def identity(one: Object) -> tuple[str, str, str]:
    return one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]


def keys_of(one: Object) -> Iterable[str]:
    return [*(one.get("data") or {}), *(one.get("binaryData") or {})]


def promises(one: Object) -> Iterator[tuple[str, str, str]]:
    """Secrets that a controller makes from an object; here no controller runs."""
    namespace, spec = one["metadata"].get("namespace", ""), one.get("spec") or {}
    if one["kind"] == "ExternalSecret":
        yield "Secret", namespace, (spec.get("target") or {}).get("name") or one["metadata"]["name"]
    if one["kind"] == "Certificate" and "secretName" in spec:
        yield "Secret", namespace, spec["secretName"]


def references(spec: Object) -> Iterator[Reference]:
    """All that a pod cannot start without."""
    for volume in spec.get("volumes") or []:
        place = f"volume {volume['name']}"
        for source in [volume, *((volume.get("projected") or {}).get("sources") or [])]:
            for field, kind in VOLUME_SOURCES:
                named = source.get(field) or {}
                name = named.get("secretName", named.get("name"))
                if name and not named.get("optional"):
                    for key in [item["key"] for item in named.get("items") or []] or [None]:
                        yield Reference(kind, name, key, place)
    for container in [*spec["containers"], *(spec.get("initContainers") or [])]:
        for source in container.get("envFrom") or []:
            yield from _named(source, ENVIRONMENT_SOURCES, f"envFrom of {container['name']}")
        for variable in container.get("env") or []:
            yield from _named(variable.get("valueFrom") or {}, VALUE_SOURCES, f"env {variable['name']}")


def _named(source: Object, fields: Sequence[tuple[str, str]], place: str) -> Iterator[Reference]:
    for field, kind in fields:
        named = source.get(field)
        if named and not named.get("optional"):
            yield Reference(kind, named["name"], named.get("key"), place)
