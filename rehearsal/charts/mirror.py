"""A loopback HTTPS proxy that answers for every chart host itself; nothing is ever forwarded."""

import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from rehearsal.charts.answers import Repositories
from rehearsal.charts.archives import Archive
from rehearsal.charts.source import ChartSource


class ChartMirror:
    """Helm keeps its own command line: its proxy variable leads here, its certificate file trusts us."""

    def __init__(self, source: ChartSource, state_folder: Path) -> None:
        self.asked: list[str] = []
        self.served: dict[str, dict[str, str]] = {}
        self._repositories = Repositories(source, self._note_served)
        self._lock = threading.Lock()
        self._authority = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        state_folder.mkdir(parents=True, exist_ok=True)
        certificates = (state_folder / "charts-ca.pem").resolve()
        self._authority.cert_pem.write_to_path(str(certificates))
        self._server = _Proxy(self, self._repositories)
        self.environment = {
            "HTTPS_PROXY": f"http://127.0.0.1:{self._server.server_port}",
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": str(certificates),
        }

    def stop(self) -> None:
        """Free the port."""
        self._server.stop()

    def context(self, host: str) -> ssl.SSLContext:
        """The TLS side of a host that somebody asks for, with a certificate made on the spot."""
        with self._lock:
            if host not in self._contexts:
                self.asked.append(host)
                self._contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self._authority.issue_cert(host).configure_cert(self._contexts[host])
            return self._contexts[host]

    def _note_served(self, archive: Archive) -> None:
        with self._lock:
            self.served[archive.name] = {
                "version": archive.version,
                "origin": archive.origin,
                "digest": archive.digest_state,
                "crds": archive.crds,
            }


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, mirror: ChartMirror, repositories: Repositories) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mirror = mirror
        self.repositories = repositories
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients end connections as they like; everything else is a fault worth seeing."""
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError | TimeoutError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    # The base class knows its server as a BaseServer only; socketserver always hands over the one that made it.
    server: _Proxy  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:
        """Become the host that the client asked for, on the same connection."""
        host = self.path.rpartition(":")[0]
        self.send_response(200)
        self.end_headers()
        context = self.server.mirror.context(host)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.host, self.close_connection = host, False
        while not self.close_connection:
            self.handle_one_request()

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.host:
            self.send_error(405, "this proxy only takes CONNECT: chart repositories are https:// or oci://")
            return
        authorized = self.headers.get("Authorization", "").startswith("Bearer ")
        answer = self.server.repositories.answer(self.host, self.path, authorized=authorized)
        self.send_response(answer.code)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    do_HEAD = do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """`ChartMirror.asked` and `.served` say what happened; standard error stays for faults."""
