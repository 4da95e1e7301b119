"""The ReplicaSet of a Deployment: helm 3 does not call a Deployment ready before it finds one."""

import copy
import hashlib
import json
from typing import Any

from rehearsal.kube_api.deletion import Deletion
from rehearsal.kube_api.store import Key, Store

REPLICA_SETS = ("apps", "replicasets")


def make_replica_set(deployment: dict[str, Any], store: Store, deletion: Deletion) -> None:
    """Keep one ready ReplicaSet with the Deployment's own template, named by the template's hash."""
    metadata, spec = deployment["metadata"], deployment["spec"]
    digest = hashlib.sha256(json.dumps(spec["template"], sort_keys=True).encode()).hexdigest()[:10]
    key = Key(*REPLICA_SETS, metadata["namespace"], f"{metadata['name']}-{digest}")
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "controller": True, "blockOwnerDeletion": True}
    owner |= {"name": metadata["name"], "uid": metadata["uid"]}
    for earlier in store.keys_where(lambda value: value["metadata"].get("ownerReferences") == [owner]):
        if earlier != key:
            deletion.delete(earlier)
    known = store.find(key)
    replicas = spec["replicas"]
    store.save(
        key,
        {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": key.name,
                "namespace": key.namespace,
                "uid": known["metadata"]["uid"] if known else f"{metadata['uid'][:-12]}{digest}00",
                "creationTimestamp": (known or deployment)["metadata"]["creationTimestamp"],
                "generation": metadata["generation"],
                "labels": (spec["template"].get("metadata") or {}).get("labels") or {},
                "ownerReferences": [owner],
            },
            "spec": {name: copy.deepcopy(spec[name]) for name in ("replicas", "selector", "template")},
            "status": {
                "observedGeneration": metadata["generation"],
                "replicas": replicas,
                "fullyLabeledReplicas": replicas,
                "readyReplicas": replicas,
                "availableReplicas": replicas,
            },
        },
    )
