"""Who may assume a role: the trust documents, whose keys may hold what is known at deployment only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import Fn

from compute_plane.iam.documents import load
from compute_plane.iam.placeholders import TOKEN, DocumentError, Value, pseudo_parameters

POD_IDENTITY = "trust-pod-identity"
IRSA = "trust-irsa"
ISSUER = "OidcIssuer"


def trust_document(name: str, values: Mapping[str, Value]) -> Any:
    """The document `name`, filled in. One that names an OIDC issuer in its keys is JSON text under Fn::Sub:
    CloudFormation accepts no token in a key, but IAM's types take their documents as text."""
    issuer = values.get(ISSUER)
    if not isinstance(issuer, str):
        return load(name, values=values)
    document = load(name, values={**values, ISSUER: f"${{{ISSUER}}}"})
    text = json.dumps(document, separators=(",", ":"))
    for parameter, token in pseudo_parameters().items():
        text = text.replace(token, f"${{{parameter}}}")
    if TOKEN in text:
        raise DocumentError(f"{name}.json: every value but ${{{ISSUER}}} must be literal, because it becomes text")
    return Fn.sub(text, {ISSUER: issuer})
