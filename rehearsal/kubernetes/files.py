"""The files that components of a control plane read, all in their folder and readable by nobody else."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from rehearsal.kubernetes import flags
from rehearsal.kubernetes.authority import Authority, private_pem


def kubeconfig(url: str, authority: bytes, token: str) -> dict[str, Any]:
    """A kubeconfig for one user."""
    cluster = {"server": url, "certificate-authority-data": base64.b64encode(authority).decode()}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "rehearsal",
        "contexts": [{"name": "rehearsal", "context": {"cluster": "rehearsal", "user": "rehearsal"}}],
        "clusters": [{"name": "rehearsal", "cluster": cluster}],
        "users": [{"name": "rehearsal", "user": {"token": token}}],
    }


def write(
    folder: Path, *, authority: Authority, url: str, token: str, tokens: Mapping[str, Any], egress: Mapping[str, Any]
) -> None:
    """Everything that `flags` names."""
    pair = authority.issue("127.0.0.1", "localhost", "kubernetes.default.svc")
    contents: dict[str, bytes] = {
        flags.AUTHORITY: authority.certificate,
        flags.SERVING[0]: pair.certificate,
        flags.SERVING[1]: pair.key,
        flags.SERVICE_ACCOUNTS: private_pem(ec.generate_private_key(ec.SECP256R1())),
        flags.ADMINISTRATORS: f"{token},rehearsal,rehearsal,system:masters\n".encode(),
        flags.TOKENS: json.dumps(tokens).encode(),
        flags.EGRESS: json.dumps(egress).encode(),
        flags.KUBECONFIG: json.dumps(kubeconfig(url, authority.certificate, token)).encode(),
    }
    for name, content in contents.items():
        file = folder / name
        file.touch(mode=0o600)
        file.write_bytes(content)
