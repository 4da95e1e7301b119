"""The HTTPS side: reads requests, demands a bearer token, writes answers and streams watches."""

import json
import select
import ssl
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rehearsal.kube_api.errors import ApiError, unauthorized
from rehearsal.kube_api.requests import Answer, Request
from rehearsal.kube_api.store import Store
from rehearsal.kube_api.watches import Watch

Answerer = Callable[[Request], Answer | Watch]
Audit = list[tuple[str, str, str]]


class Server(ThreadingHTTPServer):
    """A TLS server on a free loopback port; the handshake happens in each connection's own thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, context: ssl.SSLContext, answer: Answerer, store: Store, audit: Audit) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.store = store
        self.audit = audit
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients end connections as they like; everything else is a fault worth seeing."""
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError | TimeoutError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        self.store.log.close()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    # The base class knows its server as a BaseServer only; socketserver always hands over the one that made it.
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        agent = self.headers.get("User-Agent", "")
        self.server.audit.append((self.command, self.path, agent))
        try:
            if not self.headers.get("Authorization", "").startswith("Bearer "):
                raise unauthorized()
            answer = self.server.answer(self._request(body, agent))
        except ApiError as error:
            answer = Answer(error.status(), code=error.code)
        if isinstance(answer, Watch):
            self._stream(answer)
        else:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

    def log_message(self, format: str, *args: Any) -> None:
        """The audit list has every request; standard error stays for faults."""

    def _request(self, body: bytes, agent: str) -> Request:
        url = urlsplit(self.path)
        return Request(
            method=self.command,
            path=url.path.rstrip("/") or "/",
            query=dict(parse_qsl(url.query)),
            content_type=self.headers.get("Content-Type", "application/json"),
            accept=self.headers.get("Accept", ""),
            user_agent=agent,
            body=body,
        )

    def _send(self, answer: Answer) -> None:
        raw = answer.encoded()
        self.send_response(answer.code)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(raw)))
        for warning in answer.warnings:
            self.send_header("Warning", f"299 - {json.dumps(warning)}")
        self.end_headers()
        self.wfile.write(raw)

    def _stream(self, watch: Watch) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for message in watch.messages(self.server.store):
            if message is None and self._client_left():
                self.close_connection = True
                return
            if message is not None:
                raw = json.dumps(message).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))
                self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def _client_left(self) -> bool:
        """A client says nothing during a watch, so that whatever can be read is its goodbye."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable)
