"""The kinds that the API serves: the built-in ones, and those that custom resource definitions add."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Resource:
    """One served resource in one version."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    status: bool = True
    scale: bool = False
    schema: dict[str, Any] | None = field(default=None, hash=False, compare=False)

    @property
    def group_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified_plural(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        return f"{self.kind}.{self.group}" if self.group else self.kind


# plural, kind, scope, then what else is true of it: short names, "scale", "plain" (it has no status).
BUILT_IN: dict[str, str] = {
    "v1": """
        namespaces Namespace Cluster ns
        nodes Node Cluster no
        persistentvolumes PersistentVolume Cluster pv
        configmaps ConfigMap Namespaced cm plain
        endpoints Endpoints Namespaced ep plain
        events Event Namespaced ev plain
        limitranges LimitRange Namespaced limits plain
        persistentvolumeclaims PersistentVolumeClaim Namespaced pvc
        pods Pod Namespaced po
        replicationcontrollers ReplicationController Namespaced rc scale
        resourcequotas ResourceQuota Namespaced quota
        secrets Secret Namespaced plain
        serviceaccounts ServiceAccount Namespaced sa plain
        services Service Namespaced svc""",
    "apps/v1": """
        controllerrevisions ControllerRevision Namespaced plain
        daemonsets DaemonSet Namespaced ds
        deployments Deployment Namespaced deploy scale
        replicasets ReplicaSet Namespaced rs scale
        statefulsets StatefulSet Namespaced sts scale""",
    "batch/v1": """
        cronjobs CronJob Namespaced cj
        jobs Job Namespaced""",
    "autoscaling/v2": "horizontalpodautoscalers HorizontalPodAutoscaler Namespaced hpa",
    "policy/v1": "poddisruptionbudgets PodDisruptionBudget Namespaced pdb",
    "networking.k8s.io/v1": """
        ingressclasses IngressClass Cluster plain
        ingresses Ingress Namespaced ing
        networkpolicies NetworkPolicy Namespaced netpol plain""",
    "rbac.authorization.k8s.io/v1": """
        clusterroles ClusterRole Cluster plain
        clusterrolebindings ClusterRoleBinding Cluster plain
        roles Role Namespaced plain
        rolebindings RoleBinding Namespaced plain""",
    "storage.k8s.io/v1": """
        csidrivers CSIDriver Cluster plain
        csinodes CSINode Cluster plain
        storageclasses StorageClass Cluster sc plain
        volumeattachments VolumeAttachment Cluster""",
    "admissionregistration.k8s.io/v1": """
        mutatingwebhookconfigurations MutatingWebhookConfiguration Cluster plain
        validatingadmissionpolicies ValidatingAdmissionPolicy Cluster
        validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding Cluster plain
        validatingwebhookconfigurations ValidatingWebhookConfiguration Cluster plain""",
    "apiextensions.k8s.io/v1": "customresourcedefinitions CustomResourceDefinition Cluster crd crds",
    "apiregistration.k8s.io/v1": "apiservices APIService Cluster",
    "coordination.k8s.io/v1": "leases Lease Namespaced plain",
    "discovery.k8s.io/v1": "endpointslices EndpointSlice Namespaced plain",
    "events.k8s.io/v1": "events Event Namespaced ev plain",
    "node.k8s.io/v1": "runtimeclasses RuntimeClass Cluster plain",
    "scheduling.k8s.io/v1": "priorityclasses PriorityClass Cluster pc plain",
}


class Catalogue:
    """Which resource answers at which path; it grows and shrinks with custom resource definitions."""

    def __init__(self) -> None:
        self._resources: dict[tuple[str, str], Resource] = {}
        for group_version, rows in BUILT_IN.items():
            for row in rows.strip().splitlines():
                self.add(_built_in(group_version, row.split()))

    def __iter__(self) -> Iterator[Resource]:
        return iter(list(self._resources.values()))

    def add(self, resource: Resource) -> None:
        self._resources[resource.group_version, resource.plural] = resource

    def remove(self, group: str, plural: str) -> None:
        """Forget every version of a resource."""
        for resource in self:
            if (resource.group, resource.plural) == (group, plural):
                del self._resources[resource.group_version, plural]

    def find(self, group_version: str, plural: str) -> Resource | None:
        return self._resources.get((group_version, plural))

    def any_version(self, group: str, plural: str) -> Resource | None:
        return next((r for r in self if (r.group, r.plural) == (group, plural)), None)


def _built_in(group_version: str, words: list[str]) -> Resource:
    plural, kind, scope, *rest = words
    group, _, version = group_version.rpartition("/")
    return Resource(
        group=group,
        version=version,
        plural=plural,
        kind=kind,
        namespaced=scope == "Namespaced",
        short_names=tuple(word for word in rest if word not in ("plain", "scale")),
        status="plain" not in rest,
        scale="scale" in rest,
    )
