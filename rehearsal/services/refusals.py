"""Kubernetes objects that every cluster of the rehearsal refuses, those that start later too."""

from collections.abc import Callable
from typing import Protocol

from rehearsal.cloudformation.providers.eks import KubernetesApi


class Refusable(Protocol):
    """The refusals of one Kubernetes API."""

    def add(self, *, kind: str, name: str, message: str) -> None: ...

    def clear(self) -> None: ...


class RefusingApi(KubernetesApi, Protocol):
    """A Kubernetes API that can be told to refuse objects."""

    @property
    def refusals(self) -> Refusable: ...


class ClusterRefusals:
    """Starts the Kubernetes APIs of clusters and passes on what they must refuse."""

    def __init__(self, start: Callable[[str, str], RefusingApi]) -> None:
        self._start = start
        self._started: list[RefusingApi] = []
        self.wanted: list[dict[str, str]] = []

    def start(self, cluster: str, version: str) -> KubernetesApi:
        """A new Kubernetes API."""
        api = self._start(cluster, version)
        for refusal in self.wanted:
            api.refusals.add(**refusal)
        self._started.append(api)
        return api

    def add(self, *, kind: str, name: str, message: str) -> None:
        refusal = {"kind": kind, "name": name, "message": message}
        self.wanted.append(refusal)
        for api in self._started:
            api.refusals.add(**refusal)

    def clear(self) -> None:
        self.wanted.clear()
        for api in self._started:
            api.refusals.clear()
