"""An embedded Kubernetes API for rehearsals: real helm and kubectl on one side, a dictionary on the other."""

from rehearsal.kube_api.api import KubernetesApi
from rehearsal.kube_api.refusals import Refusals

__all__ = ["KubernetesApi", "Refusals"]
