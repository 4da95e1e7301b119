"""The webhook authenticator: the API server asks it who a bearer token belongs to."""

import datetime
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rehearsal.identities import SECRET_KEY
from rehearsal.kubernetes.access import AccessEntries
from rehearsal.kubernetes.tokens import User, access_key_of, reviewed

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def authenticator(cluster: str, entries: AccessEntries) -> Answer:
    """Answers TokenReviews for one cluster."""

    def authenticate(token: str) -> User:
        now = datetime.datetime.now(datetime.UTC)
        return entries.user(access_key_of(token, cluster=cluster, secret=SECRET_KEY, now=now))

    return lambda review: reviewed(review, authenticate)


class TokenServer(ThreadingHTTPServer):
    """Plain HTTP on a free loopback port: tokens go no further than this machine."""

    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="tokens", daemon=True)
        self._thread.start()

    @property
    def kubeconfig(self) -> dict[str, Any]:
        """What --authentication-token-webhook-config-file wants."""
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "tokens",
            "contexts": [{"name": "tokens", "context": {"cluster": "tokens", "user": "server"}}],
            "clusters": [{"name": "tokens", "cluster": {"server": f"http://127.0.0.1:{self.server_port}/"}}],
            "users": [{"name": "server", "user": {}}],
        }

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    # The base class knows its server as a BaseServer only; socketserver always hands over the one that made it.
    server: TokenServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        raw = json.dumps(self.server.answer(review)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """The API server's own log tells which tokens it refused."""
