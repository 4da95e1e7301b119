"""Serves a rehearsal on a loopback port until its standard input closes or it is told to stop."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from rehearsal.clients import Clients
from rehearsal.composition import Outside, Rehearsal, compose
from rehearsal.kubernetes.control_planes import ControlPlanes, subnet_zones
from rehearsal.kubernetes.programs import Programs
from rehearsal.place import place_of


def parser() -> argparse.ArgumentParser:
    """The command line."""
    one = argparse.ArgumentParser(prog="python -m rehearsal.server", description=__doc__)
    one.add_argument("--account", required=True, help="the account to stand in for, 12 digits")
    one.add_argument("--region", required=True, help="the region to stand in for")
    one.add_argument("--state", required=True, type=Path, help="a folder for code, logs and temporary files")
    one.add_argument("--lock", required=True, type=Path, help="charts.lock.yaml")
    one.add_argument("--charts", type=Path, help="a folder of chart archives to serve")
    one.add_argument("--crds", type=Path, help="a folder of real CustomResourceDefinitions")
    one.add_argument("--cache", type=Path, help="a folder of downloaded chart archives")
    one.add_argument("--kubernetes", type=Path, help="a folder of Kubernetes' programs, to run a real control plane")
    one.add_argument("--port", type=int, default=0, help="0 takes a free port")
    return one


def main(arguments: list[str] | None = None) -> None:
    """Start, say where, and stay."""
    options = parser().parse_args(arguments)
    # moto reads its account when it is imported; its own outgoing calls are never wanted.
    os.environ["MOTO_ACCOUNT_ID"] = options.account
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "rehearsal")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "rehearsal")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: stop.set())
    server, rehearsal, mirror = build(options)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    threading.Thread(target=_watch_input, args=(stop,), name="input", daemon=True).start()
    print(json.dumps({"endpoint": f"http://localhost:{server.port}", "pid": os.getpid()}), flush=True)
    stop.wait()
    rehearsal.close()
    mirror.stop()
    server.shutdown()


def build(options: argparse.Namespace) -> tuple[Any, Rehearsal, Any]:
    """The server, bound to its port, the rehearsal behind it and the chart mirror."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from rehearsal.charts import ChartMirror, ChartSource
    from rehearsal.kube_api import KubernetesApi

    state: Path = options.state
    state.mkdir(parents=True, exist_ok=True)
    mirror = ChartMirror(ChartSource(options.lock, options.charts, options.cache, options.crds), state / "charts")
    gate = _Gate()
    server = make_server("127.0.0.1", options.port, gate, threaded=True, request_handler=quiet(MotoRequestHandler))
    # The command line takes a template's URL for S3's only if its host is written "localhost".
    endpoint = f"http://localhost:{server.port}"
    clients = Clients(endpoint, options.region)
    planes = control_planes(options, clients) if options.kubernetes else None
    outside = Outside(
        clients=clients,
        moto=DomainDispatcherApplication(create_backend_app),
        start_kubernetes=planes.start if planes else lambda cluster, version: KubernetesApi(version=version),
        control_planes=planes.facts if planes else dict,
        mirror=mirror,
        function_environment=mirror.environment,
        node_path=os.environ.get("REHEARSAL_NODE_PATH", ""),
    )
    rehearsal = compose(place_of(options.account, options.region), state.resolve(), endpoint, outside)
    gate.application = rehearsal.application
    return server, rehearsal, mirror


def control_planes(options: argparse.Namespace, clients: Clients) -> ControlPlanes:
    """What starts real control planes, from the programs that are given."""
    folder = options.state.resolve() / "kubernetes"
    return ControlPlanes(Programs(options.kubernetes), folder, options.region, subnet_zones(clients))


class _Gate:
    """Stands in for the application, which needs the server's port before it can be built."""

    application: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.application(environ, start_response)


def quiet(handler: type) -> type:
    """The request handler without a line for every request."""

    def log_request(self: object, code: object = "-", size: object = "-") -> None:
        return

    return type("QuietRequestHandler", (handler,), {"log_request": log_request})


def _watch_input(stop: threading.Event) -> None:
    # Without a buffer: its lock would be held when the interpreter ends.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


if __name__ == "__main__":
    main()
