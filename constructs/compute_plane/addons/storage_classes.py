"""The gp3 StorageClass; EKS's own gp2 class is not the default (document 003)."""

from collections.abc import Sequence
from typing import Any

from compute_plane.addons.base import Addon, AddonSettings, Manifest, Plane


def _class(name: str, *, provisioner: str, default: bool, parameters: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": name,
            "annotations": {"storageclass.kubernetes.io/is-default-class": str(default).lower()},
        },
        "provisioner": provisioner,
        "parameters": parameters,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


class StorageClasses(Addon[AddonSettings]):
    name = "storage-classes"
    namespace = "kube-system"

    def manifests(self, plane: Plane, settings: AddonSettings) -> Sequence[Manifest]:
        key = {"kmsKeyId": plane.volume_key_arn} if plane.volume_key_arn else {}
        gp3 = _class(
            "gp3",
            provisioner="ebs.csi.aws.com",
            # A cluster has one default class: the file system's, where there is one.
            default=plane.file_system_id is None,
            parameters={"type": "gp3", "encrypted": "true", **key},
        )
        # A class cannot change in place, so this repeats what EKS gives gp2 and changes the annotation alone.
        gp2 = _class(
            "gp2",
            provisioner="kubernetes.io/aws-ebs",
            default=False,
            parameters={"type": "gp2", "fsType": "ext4"},
        )
        return [
            Manifest("Gp3", [gp3 | {"allowVolumeExpansion": True}]),
            Manifest("Gp2", [gp2], overwrite=True),
        ]
