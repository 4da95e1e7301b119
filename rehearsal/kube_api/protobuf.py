"""Reads the few kinds that Go's typed clients send as protobuf: what helm and `kubectl create` write.

Answers are always JSON, which these clients accept; only their requests need decoding.
"""

import base64
from typing import Any

from rehearsal.kube_api.errors import bad_request, unsupported_media_type

MAGIC = b"k8s\0"
Fields = dict[int, list[Any]]

# Field numbers of k8s.io/apimachinery's ObjectMeta and k8s.io/api's core/v1, from their generated.proto.
METADATA_TEXTS = {1: "name", 2: "generateName", 3: "namespace", 5: "uid", 6: "resourceVersion"}
METADATA_MAPS = {11: "labels", 12: "annotations"}


def decode(body: bytes) -> dict[str, Any]:
    """The object inside a `k8s` protobuf envelope."""
    envelope = _fields(body.removeprefix(MAGIC))
    kind_of = _fields(envelope[1][0])
    api_version, kind = _text(kind_of, 1), _text(kind_of, 2)
    raw = _fields(envelope[2][0]) if 2 in envelope else {}
    if kind == "DeleteOptions":
        return {"propagationPolicy": _text(raw, 4)} if 4 in raw else {}
    content = {"Secret": _secret, "ConfigMap": _config_map, "Namespace": _nothing, "ServiceAccount": _nothing}
    if kind not in content:
        raise unsupported_media_type(
            f"{kind} as protobuf is not supported; expected JSON, or one of {sorted(content)} as protobuf"
        )
    return {"apiVersion": api_version, "kind": kind, "metadata": _metadata(raw), **content[kind](raw)}


def _metadata(raw: Fields) -> dict[str, Any]:
    fields = _fields(raw[1][0]) if 1 in raw else {}
    texts = {name: _text(fields, number) for number, name in METADATA_TEXTS.items()}
    maps = {name: _texts(fields, number) for number, name in METADATA_MAPS.items()}
    return {name: value for name, value in {**texts, **maps}.items() if value}


def _secret(raw: Fields) -> dict[str, Any]:
    data = {key: base64.b64encode(value).decode() for key, value in _entries(raw, 2).items()}
    return {"data": data, "type": _text(raw, 3) or "Opaque", "stringData": _texts(raw, 4)}


def _config_map(raw: Fields) -> dict[str, Any]:
    return {"data": _texts(raw, 2)}


def _nothing(raw: Fields) -> dict[str, Any]:
    return {}


def _text(fields: Fields, number: int) -> str:
    return fields.get(number, [b""])[0].decode()


def _texts(fields: Fields, number: int) -> dict[str, str]:
    return {key: value.decode() for key, value in _entries(fields, number).items()}


def _entries(fields: Fields, number: int) -> dict[str, bytes]:
    """A map field: one message of key (1) and value (2) for each entry."""
    pairs = [_fields(entry) for entry in fields.get(number, [])]
    return {_text(pair, 1): pair.get(2, [b""])[0] for pair in pairs}


def _fields(raw: bytes) -> Fields:
    """A message in wire format: numbers and byte strings by field number."""
    found: Fields = {}
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        match tag & 7:
            case 0:
                value, at = _varint(raw, at)
            case 1:
                value, at = raw[at : at + 8], at + 8
            case 2:
                length, at = _varint(raw, at)
                value, at = raw[at : at + length], at + length
            case 5:
                value, at = raw[at : at + 4], at + 4
            case wire_type:
                raise bad_request(f"protobuf wire type {wire_type} is not defined; expected 0, 1, 2 or 5")
        found.setdefault(tag >> 3, []).append(value)
    if at > len(raw):
        raise bad_request("the protobuf message ends in the middle of a field")
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(raw):
        byte = raw[at]
        number, shift, at = number | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:
            return number, at
    raise bad_request("the protobuf message ends in the middle of a number")
