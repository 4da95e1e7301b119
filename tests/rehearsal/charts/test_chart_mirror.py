"""The proxy that answers for chart hosts."""

import base64
import hashlib
import http.client
import json
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import yaml

from rehearsal.charts import ChartMirror

Get = Callable[..., tuple[int, dict[str, str], bytes]]
BEARER = {"Authorization": "Bearer rehearsal"}


@pytest.fixture
def get(mirror: ChartMirror) -> Get:
    """One request as helm makes it: through the proxy, trusting the mirror's authority alone."""

    def send(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        proxy = urlsplit(mirror.environment["HTTPS_PROXY"]).netloc
        context = ssl.create_default_context(cafile=mirror.environment["SSL_CERT_FILE"])
        connection = http.client.HTTPSConnection(proxy, context=context, timeout=10)
        connection.set_tunnel(urlsplit(url).netloc, 443)
        connection.request(method, urlsplit(url).path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict(response.headers), body

    return send


def test_an_index_lists_the_charts_of_its_repository_alone(get: Get) -> None:
    code, _, body = get("https://charts.example.com/istio/index.yaml")

    entries = yaml.safe_load(body)["entries"]
    assert code == 200
    assert sorted(entries) == ["base", "gateway"]


def test_an_archive_has_the_digest_of_its_index(get: Get, mirror: ChartMirror) -> None:
    _, _, index = get("https://charts.example.com/storage/index.yaml")
    row = yaml.safe_load(index)["entries"]["aws-efs-csi-driver"][0]

    code, _, archive = get(f"https://charts.example.com/storage/{row['urls'][0]}")

    assert code == 200
    assert hashlib.sha256(archive).hexdigest() == row["digest"]
    assert mirror.served == {
        "aws-efs-csi-driver": {
            "version": "4.4.1",
            "origin": "stand-in",
            "digest": "stand-in",
            "crds": "none",
        }
    }


def test_a_registry_demands_a_token_and_gives_one(get: Get) -> None:
    refused, headers, _ = get("https://public.ecr.aws/v2/")
    login = base64.b64encode(b"AWS:password").decode()
    code, _, token = get("https://public.ecr.aws/token/", Authorization=f"Basic {login}")

    bearer = f"Bearer {json.loads(token)['token']}"
    accepted, _, _ = get("https://public.ecr.aws/v2/", Authorization=bearer)

    assert headers["WWW-Authenticate"].startswith('Bearer realm="https://public.ecr.aws/token/"')
    assert (refused, code, accepted) == (401, 200, 200)


def test_a_chart_is_pulled_from_a_registry_blob_by_blob(get: Get, mirror: ChartMirror) -> None:
    base = "https://public.ecr.aws/v2/karpenter/karpenter"
    _, headers, body = get(f"{base}/manifests/1.14.1", **BEARER)
    manifest = json.loads(body)

    layer = manifest["layers"][0]
    before = dict(mirror.served)
    _, _, archive = get(f"{base}/blobs/{layer['digest']}", **BEARER)
    by_digest, _, again = get(f"{base}/manifests/{headers['Docker-Content-Digest']}", **BEARER)

    assert f"sha256:{hashlib.sha256(archive).hexdigest()}" == layer["digest"]
    assert (by_digest, again) == (200, body)
    assert (list(before), list(mirror.served)) == ([], ["karpenter"])


def test_head_answers_without_a_body(get: Get) -> None:
    url = "https://public.ecr.aws/v2/karpenter/karpenter/manifests/1.14.1"

    code, headers, body = get(url, "HEAD", **BEARER)

    assert (code, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "url",
    [
        "https://charts.example.com/index.yaml",
        "https://elsewhere.example.com/istio/index.yaml",
        "https://charts.example.com/istio/base-1.29.0.tgz",
        "https://public.ecr.aws/v2/karpenter/karpenter/manifests/1.13.0",
        "https://public.ecr.aws/v2/other/other/manifests/1.0.0",
        "https://public.ecr.aws/v2/karpenter/karpenter/blobs/sha256:0",
    ],
)
def test_what_is_not_locked_is_not_found_by_host_and_path(get: Get, url: str) -> None:
    code, _, body = get(url, **BEARER)

    assert code == 404
    assert url.removeprefix("https://") in json.loads(body)["errors"][0]["message"]


def test_the_hosts_asked_for_are_noted_once_in_order(get: Get, mirror: ChartMirror) -> None:
    for host in ("b.example.com", "a.example.com", "b.example.com"):
        get(f"https://{host}/index.yaml")

    assert mirror.asked == ["b.example.com", "a.example.com"]


def test_plain_requests_are_not_forwarded(mirror: ChartMirror) -> None:
    proxy = urlsplit(mirror.environment["HTTPS_PROXY"]).netloc
    connection = http.client.HTTPConnection(proxy, timeout=10)

    connection.request("GET", "http://charts.example.com/index.yaml")
    code = connection.getresponse().status
    connection.close()

    assert code == 405
