"""A request goes to the service for which it is signed."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from rehearsal.services.front import Front, service_name


class CloudFormation:
    """Echoes the form."""

    def answer(self, form: Mapping[str, str]) -> tuple[int, str]:
        return 200, f"cloudformation {form['Action']}"


def signed(service: str) -> dict[str, str]:
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential=x/20261121/eu-west-1/{service}/aws4_request, Signature=y"}


@pytest.fixture
def unknown() -> list[str]:
    return []


@pytest.fixture
def client(unknown: list[str]) -> Client:
    def moto(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status = 501 if environ["PATH_INFO"] == "/unheard-of" else 200
        return Response(b"moto " + body, status)(environ, start)

    def eks(request: Request) -> Response | None:
        return Response("eks") if request.path == "/clusters" else None

    front = Front(
        lambda request: Response(f"control {request.path}"),
        CloudFormation(),
        {"eks": eks},
        moto,
        unknown.append,
    )
    return Client(front)


@pytest.mark.parametrize(
    ("path", "service", "body", "answer"),
    [
        ("/_rehearsal/state", "", "", "control /_rehearsal/state"),
        ("/", "cloudformation", "Action=DescribeStacks", "cloudformation DescribeStacks"),
        ("/clusters", "eks", "", "eks"),
        ("/addons", "eks", "its body", "moto its body"),
        ("/bucket", "s3", "content", "moto content"),
    ],
)
def test_each_request_is_answered_by_its_service(
    path: str, service: str, body: str, answer: str, client: Client
) -> None:
    kind = "application/x-www-form-urlencoded" if service == "cloudformation" else "text/plain"

    response = client.post(path, data=body, headers=signed(service) if service else {}, content_type=kind)

    assert response.text == answer


def test_what_moto_does_not_know_is_noted(client: Client, unknown: list[str]) -> None:
    client.get("/unheard-of", headers=signed("budgets"))
    client.get("/bucket", headers=signed("s3"))

    assert unknown == ["budgets:GET /unheard-of"]


def test_a_presigned_url_names_its_service_too() -> None:
    query = {"X-Amz-Credential": "x/20261121/eu-west-1/sts/aws4_request"}
    environ = EnvironBuilder(path="/", query_string=query).get_environ()

    name = service_name(environ)

    assert name == "sts"
