"""What a new EKS cluster holds before anybody installs anything."""

from typing import Any

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


def initial_objects() -> list[tuple[str, str, dict[str, Any]]]:
    """Every cluster's namespaces, and EKS's StorageClass gp2; each after its version and plural."""
    gp2: dict[str, Any] = {
        "metadata": {"name": "gp2"},
        "provisioner": "kubernetes.io/aws-ebs",
        "parameters": {"type": "gp2", "fsType": "ext4"},
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }
    namespaces = [("v1", "namespaces", {"metadata": {"name": name}}) for name in NAMESPACES]
    return [*namespaces, ("storage.k8s.io/v1", "storageclasses", gp2)]
