"""The rehearsal's own endpoints, `/_rehearsal/…`: what happened, what exists, what to refuse."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from rehearsal.cloudformation.journal import shown
from rehearsal.cloudformation.providers.custom_resource import CustomResources
from rehearsal.cloudformation.providers.eks import Clusters
from rehearsal.cloudformation.store import Store
from rehearsal.functions.runtime import Runtime
from rehearsal.services.messages import answer, body_of, refusal
from rehearsal.services.refusals import ClusterRefusals

PREFIX = "/_rehearsal/"
CUSTOM_RESOURCE = "custom-resource/"
ControlPlaneFacts = Mapping[str, Any]


class Mirror(Protocol):
    """What the chart mirror tells."""

    @property
    def asked(self) -> list[str]: ...

    @property
    def served(self) -> dict[str, Any]: ...


class Control:
    """Answers the control endpoints."""

    def __init__(
        self,
        store: Store,
        clusters: Clusters,
        runtime: Runtime,
        custom_resources: CustomResources,
        mirror: Mirror,
        refusals: ClusterRefusals,
        unknown_calls: list[str],
        control_planes: Callable[[], ControlPlaneFacts],
    ) -> None:
        self._store, self._clusters, self._runtime = store, clusters, runtime
        self._custom_resources, self._mirror, self._unknown_calls = custom_resources, mirror, unknown_calls
        self._refusals, self._control_planes = refusals, control_planes

    def __call__(self, request: Request) -> Response:
        path = request.path.removeprefix(PREFIX)
        if path.startswith(CUSTOM_RESOURCE) and request.method in ("PUT", "POST"):
            known = self._custom_resources.answer(path.removeprefix(CUSTOM_RESOURCE), request.get_data())
            return Response(status=200 if known else 404)
        match request.method, path:
            case "GET", "journal":
                return self._journal(int(request.args.get("since", 0)))
            case "GET", "state":
                return answer(self.state())
            case "GET", "objects":
                return self._objects(request.args.get("cluster", ""))
            case "GET", "functions-log":
                return Response(self._runtime.log.read_bytes(), mimetype="text/plain")
            case "POST", "refusals":
                body = body_of(request)
                missing = [key for key in ("kind", "name", "message") if key not in body]
                if missing:
                    return refusal("InvalidRefusal", f"a refusal needs kind, name and message; without {missing}")
                self._refusals.add(kind=str(body["kind"]), name=str(body["name"]), message=str(body["message"]))
                return answer({"refusals": self._refusals.wanted})
            case "DELETE", "refusals":
                self._refusals.clear()
                return answer({"refusals": []})
            case "DELETE", "leftovers":
                self._clusters.leftovers.clear()
                return answer({"leftovers": []})
            case _:
                return refusal("NoSuchEndpoint", f"the rehearsal has no {request.method} {request.path}", 404)

    def state(self) -> dict[str, Any]:
        """Everything that exists in the account and in its clusters."""
        inventory, live = self._store.inventory, self._store.live
        return {
            "stacks": {stack.name: stack.status for stack in live},
            "resources": [
                {"stack": stack.name, "logical_id": one.logical_id, "type": one.type, "id": one.physical_id}
                for stack in live
                for one in list(stack.resources.values())
            ],
            "retained": [
                {
                    "type": one.resource.type,
                    "id": one.resource.physical_id,
                    "stack": one.stack,
                    "logical_id": one.resource.logical_id,
                }
                for one in inventory.retained
            ],
            "snapshots": [asdict(one) for one in inventory.snapshots],
            "leftovers": [
                {"kind": one.kind, "namespace": one.namespace, "name": one.name, "cluster": one.cluster}
                for one in self._clusters.leftovers
            ],
            "clusters": {
                name: {
                    "endpoint": cluster.api.url,
                    "certificate_authority": cluster.api.certificate_authority,
                    "token": cluster.api.token,
                    "objects": len(cluster.api.objects()),
                }
                for name, cluster in list(self._clusters.live.items())
            },
            "charts": self._mirror.served,
            "chart_hosts": self._mirror.asked,
            "unknown_calls": self._unknown_calls,
            "kubernetes": self._control_planes(),
            "functions": [asdict(run) for run in self._runtime.runs],
        }

    def _journal(self, since: int) -> Response:
        events = self._store.journal.since(since)
        return answer({"events": [shown(event) for event in events], "next": since + len(events)})

    def _objects(self, name: str) -> Response:
        cluster = self._clusters.live.get(name)
        if cluster is None:
            return refusal("NoSuchCluster", f"no cluster {name!r}; live are {sorted(self._clusters.live)}", 404)
        return Response(json.dumps(cluster.api.objects()), mimetype="application/json")
