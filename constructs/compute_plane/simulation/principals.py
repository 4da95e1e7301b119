"""Who a statement with a principal is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.patterns import SimulationError

Match = Literal["itself", "account"]
"""A principal that is named itself needs no policy of its own; its account may only pass the permission on."""

ACCOUNT = re.compile(r"(?:arn:[a-z-]+:iam::)?(?P<account>\d{12})(?::root)?")
KINDS = ("AWS", "Service", "Federated")


def account_of(principal: str) -> str | None:
    """None for a service, and for the world."""
    return principal.split(":")[4] if principal.startswith("arn:") else None


def is_service(principal: str) -> bool:
    return not principal.startswith("arn:") and principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def is_federated(principal: str) -> bool:
    """A token of an identity provider, which is nobody in an account yet."""
    return ":oidc-provider/" in principal or ":saml-provider/" in principal


def match(statement: Mapping[str, Any], principal: str) -> Match | None:
    """How a statement of a resource or trust policy names a principal, if it does."""
    if "NotPrincipal" in statement:
        return None if _named(statement["NotPrincipal"], principal) else "itself"
    return _named(statement["Principal"], principal)


def _named(element: Any, principal: str) -> Match | None:
    if element == "*":
        return "itself"
    if not isinstance(element, dict) or not set(element) <= set(KINDS):
        raise SimulationError(f"a principal is '*' or has the kinds {KINDS}; got {element!r}")
    found = {_one(kind, name, principal) for kind, names in element.items() for name in as_list(names)}
    return "itself" if "itself" in found else "account" if "account" in found else None


def _one(kind: str, name: str, principal: str) -> Match | None:
    if kind != _kind(principal):
        # Everybody is an AWS principal for a policy that says so, services and tokens included.
        return "itself" if (kind, name) == ("AWS", "*") else None
    if name in ("*", principal):
        return "itself"
    account = ACCOUNT.fullmatch(name)
    return "account" if account and kind == "AWS" and account["account"] == account_of(principal) else None


def _kind(principal: str) -> str:
    return "Service" if is_service(principal) else "Federated" if is_federated(principal) else "AWS"
