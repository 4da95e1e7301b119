"""One WSGI application for all of AWS: our services by the signature's service name, moto behind them."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from rehearsal.services.control import PREFIX

Service = Callable[[Request], Response | None]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/")


class Queries(Protocol):
    """A service with the query protocol."""

    def answer(self, form: Mapping[str, str]) -> tuple[int, str]: ...


class Front:
    """Sends each request to whom it belongs."""

    def __init__(
        self,
        control: Callable[[Request], Response],
        cloud_formation: Queries,
        services: Mapping[str, Service],
        moto: Application,
        note_unknown: Callable[[str], None],
    ) -> None:
        self._control, self._cloud_formation, self._services = control, cloud_formation, services
        self._moto, self._note_unknown = moto, note_unknown

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        response = self._ours(environ)
        if response is not None:
            return response(environ, start_response)
        return self._behind(environ, start_response)

    def _ours(self, environ: dict[str, Any]) -> Response | None:
        if environ["PATH_INFO"].startswith(PREFIX):
            return self._control(Request(environ))
        name = service_name(environ)
        if name == "cloudformation":
            request = Request(environ)
            status, content = self._cloud_formation.answer({**request.args, **request.form})
            return Response(content, status, mimetype="text/xml")
        service = self._services.get(name)
        if service is None:
            return None
        request = Request(environ)
        # A body can be read once, and moto reads it too where our service has no answer.
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)
        return service(request)

    def _behind(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        call = f"{service_name(environ) or 'unsigned'}:{described(environ)}"

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            if status.startswith("501"):
                self._note_unknown(call)
            return start_response(status, headers, error)

        return self._moto(environ, start)


def service_name(environ: Mapping[str, Any]) -> str:
    """The service for which a request is signed."""
    found = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", "") or unquote(environ.get("QUERY_STRING", "")))
    return found[1] if found else ""


def described(environ: Mapping[str, Any]) -> str:
    """The operation of a request, as far as its headers tell it."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    return target.rpartition(".")[2] or f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
