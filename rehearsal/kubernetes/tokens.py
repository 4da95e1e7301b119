"""EKS's bearer tokens: a presigned GetCallerIdentity, which says who signed it and for which cluster."""

import base64
import datetime
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"
LIFETIME = datetime.timedelta(minutes=15)
# Clocks of a client and a control plane may differ a little.
SKEW = datetime.timedelta(minutes=5)
EMPTY_HASH = hashlib.sha256(b"").hexdigest()


class BadToken(Exception):
    """A token that EKS would not accept; the message says why."""


@dataclass(frozen=True)
class User:
    """Who a principal is to Kubernetes."""

    name: str
    groups: tuple[str, ...]


def access_key_of(token: str, *, cluster: str, secret: str, now: datetime.datetime) -> str:
    """The access key that signed a token for this cluster. Raises BadToken."""
    if not token.startswith(PREFIX):
        raise BadToken(f"an EKS token begins with {PREFIX}")
    encoded = token.removeprefix(PREFIX)
    try:
        url = urlsplit(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    except ValueError:
        raise BadToken("the token is no base64url of a URL") from None
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    try:
        signed = query["X-Amz-SignedHeaders"].split(";")
        access_key, date, region, service, _ = query["X-Amz-Credential"].split("/")
        made = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        given = query.pop("X-Amz-Signature")
    except (KeyError, ValueError):
        raise BadToken("the token's URL is not presigned") from None
    if (query.get("Action"), service) != ("GetCallerIdentity", "sts"):
        raise BadToken("the token's URL is not GetCallerIdentity of STS")
    if CLUSTER_HEADER not in signed:
        raise BadToken(f"the token's signature does not cover {CLUSTER_HEADER}")
    if not -SKEW <= now - made <= LIFETIME:
        raise BadToken(f"the token was made at {made:%H:%M:%S}, and it is {now:%H:%M:%S}")
    headers = {"host": url.netloc, CLUSTER_HEADER: cluster}
    canonical = _canonical_request(url.path or "/", query, {name: headers.get(name, "") for name in signed})
    scope = f"{date}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), given):
        raise BadToken(f"the token is signed for another cluster than {cluster}, or with another key")
    return access_key


def _canonical_request(path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    parameters = "&".join(f"{quote(key, safe='-_.~')}={quote(query[key], safe='-_.~')}" for key in sorted(query))
    lines = [f"{name}:{headers[name].strip()}" for name in sorted(headers)]
    return "\n".join(["GET", path, parameters, *lines, "", ";".join(sorted(headers)), EMPTY_HASH])


def reviewed(review: Mapping[str, Any], authenticate: Callable[[str], User]) -> dict[str, Any]:
    """The answer to a TokenReview."""
    try:
        user = authenticate(str(review["spec"]["token"]))
    except BadToken as refusal:
        status: dict[str, Any] = {"authenticated": False, "error": str(refusal)}
    else:
        status = {"authenticated": True, "user": {"username": user.name, "groups": list(user.groups)}}
    return {"apiVersion": review["apiVersion"], "kind": "TokenReview", "status": status}
