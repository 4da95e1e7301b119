"""The API server's egress proxy: all that it calls by a Service's name ends here, on a socket of this machine."""

import base64
import json
import os
import socketserver
import ssl
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from rehearsal.kubernetes import answers
from rehearsal.kubernetes.answers import Admission
from rehearsal.kubernetes.authority import Authority, Pair
from rehearsal.kubernetes.client import Client

HANDSHAKE_SECONDS = 10
NAME = "egress"


def selection() -> dict[str, Any]:
    """What --egress-selector-config-file wants; the server runs in the socket's folder."""
    transport = {"uds": {"udsName": NAME}}
    connection = {"proxyProtocol": "HTTPConnect", "transport": transport}
    return {
        "apiVersion": "apiserver.k8s.io/v1beta1",
        "kind": "EgressSelectorConfiguration",
        "egressSelections": [{"name": "cluster", "connection": connection}],
    }


class Certificates:
    """The TLS context for each Service's name.

    A chart that makes its webhook's certificate keeps it in a Secret and writes its CA into the webhook: that very
    Secret is used. Other webhooks wait for a controller to write a CA; they are checked by the authority of this place.
    """

    def __init__(self, authority: Authority, client: Client) -> None:
        self._authority, self._client = authority, client
        self._issued: dict[str, ssl.SSLContext] = {}

    def context(self, name: str) -> ssl.SSLContext:
        """The context for SERVICE.NAMESPACE.svc."""
        namespace = name.split(".")[1] if name.count(".") > 1 else ""
        pair = self._from_secret(namespace, name) if namespace else None
        if pair:
            return pair.context()
        if name not in self._issued:
            self._issued[name] = self._authority.issue(name).context()
        return self._issued[name]

    def _from_secret(self, namespace: str, name: str) -> Pair | None:
        path = f"/api/v1/namespaces/{namespace}/secrets?fieldSelector=type%3Dkubernetes.io/tls"
        for secret in self._client.listed(path):
            data = secret.get("data") or {}
            pair = Pair(*(base64.b64decode(data.get(key, "")) for key in ("tls.crt", "tls.key")))
            if pair.certificate and name in pair.names():
                return pair
        return None


class Egress(socketserver.ThreadingUnixStreamServer):
    """Serves CONNECT, and then is the pod behind it; `asked` has every question of a webhook."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        # A socket's path has room for 107 bytes only; through the open folder any depth will do.
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            super().__init__(f"/proc/self/fd/{descriptor}/{NAME}", _Tunnel)
        finally:
            os.close(descriptor)
        self._certificates = certificates
        self.asked: list[Admission] = []
        # The server says whom it calls in the handshake; the address may be a pod's.
        self.context = certificates.context("nobody")
        self.context.sni_callback = self._choose
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="egress", daemon=True)
        self._thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The API server ends connections as it likes; its own log tells of those that it could not use."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def _choose(self, secure: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name:
            secure.context = self._certificates.context(name)


class _Tunnel(socketserver.BaseRequestHandler):
    # The base class knows its server as a BaseServer only; socketserver always hands over the one that made it.
    server: Egress  # pyright: ignore[reportIncompatibleVariableOverride]

    def handle(self) -> None:
        self.request.settimeout(HANDSHAKE_SECONDS)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.request.recv(1)
            if not byte:
                return
            head += byte
        self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        secure = self.server.context.wrap_socket(self.request, server_side=True)
        secure.settimeout(None)
        _Pod(secure, head.split(b" ", 2)[1].decode(), self.server)


class _Pod(BaseHTTPRequestHandler):
    # The base class knows its server as a BaseServer only; socketserver always hands over the one that made it.
    server: Egress  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if review.get("kind") != "AdmissionReview":
            self._answer(400, {"message": "the rehearsal answers AdmissionReviews only"})
            return
        path = self.path.partition("?")[0]
        self.server.asked.append(answers.admission(str(self.headers.get("Host", "")), path, review))
        self._answer(200, answers.allowed(path, review))

    def do_GET(self) -> None:
        found = answers.group(self.path.partition("?")[0])
        self._answer(200 if found else 404, found or {"kind": "Status", "code": 404})

    def log_message(self, format: str, *args: Any) -> None:
        """The questions are kept; the rest is noise."""

    def _answer(self, code: int, content: dict[str, Any]) -> None:
        raw = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
