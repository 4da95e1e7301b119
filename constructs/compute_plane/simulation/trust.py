"""Attacks on a role's trust policy, made from the one who may assume it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.cases import ANYTHING, Case
from compute_plane.simulation.evaluator import Policies, Policy, Request
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.plane import Plane, Role
from compute_plane.simulation.principals import account_of, is_federated, is_service
from compute_plane.simulation.tables import AssumedBy, Attack
from compute_plane.simulation.values import OTHER, OTHER_ACCOUNT, OTHER_REGION, Values

ASSUME = "sts:AssumeRole"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
PODS = "pods.eks.amazonaws.com"
SERVICES = (PODS, "ec2.amazonaws.com", "eks.amazonaws.com", "lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com")


@dataclass(frozen=True)
class Try:
    """One attempt to assume the role."""

    what: str
    principal: str
    keys: Mapping[str, str]
    attack: Attack | None = None
    actions: tuple[str, ...] = (ASSUME,)
    succeeds: bool = False


def trust_cases(plane: Plane, values: Values, role: Role, assumed_by: AssumedBy) -> Iterator[Case]:
    """One that may assume the role, and everybody else who would like to."""
    wanted = AssumedBy.model_construct(**values.fill(assumed_by.model_dump()))
    if wanted.service_account and (provider := _provider(role)):
        tries = _web_identity(provider, wanted.service_account)
    elif wanted.service_account:
        tries = _pod_identity(plane, wanted.service_account)
    elif wanted.service:
        tries = _service(plane, wanted.service, wanted.source)
    else:
        tries = _principal(plane, wanted.principal or "", wanted.external_id)
    for attempt in [*tries, *_strangers(plane, wanted)]:
        for action in attempt.actions:
            yield _case(plane, role, attempt, action)


def _case(plane: Plane, role: Role, attempt: Try, action: str) -> Case:
    own = is_service(attempt.principal) or is_federated(attempt.principal)
    return Case(
        line=f"{attempt.what}: {action}",
        request=Request(attempt.principal, action, role.arn, plane.account, attempt.keys),
        policies=Policies(identity=() if own else (ANYTHING,), resource=_trust(role)),
        expected="allowed" if attempt.succeeds else "denied",
        attack=attempt.attack,
    )


def _trust(role: Role) -> Policy:
    if role.trust is None:
        raise SimulationError(f"{role.name} has no trust policy")
    return role.trust.document


def _provider(role: Role) -> str | None:
    """The identity provider that the trust policy names, if it names one."""
    for statement in as_list(_trust(role)["Statement"]):
        principal = statement.get("Principal")
        if isinstance(principal, dict) and "Federated" in principal:
            return str(principal["Federated"])
    return None


def _pod_identity(plane: Plane, service_account: str) -> Iterator[Try]:
    namespace, name = service_account.split("/")
    cluster = f"arn:aws:eks:{plane.region}:{plane.account}:cluster/{plane.cluster}"
    keys = {
        "aws:SourceAccount": plane.account,
        "aws:SourceArn": cluster,
        "aws:RequestTag/eks-cluster-arn": cluster,
        "aws:RequestTag/eks-cluster-name": plane.cluster,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": name,
    }
    both = (ASSUME, "sts:TagSession")
    untagged = {key: value for key, value in keys.items() if "Tag" not in key}
    yield Try("its service account", PODS, keys, actions=both, succeeds=True)
    tries: list[tuple[str, Attack | None, dict[str, str]]] = [
        (
            "another cluster",
            "other-cluster",
            {key: value.replace(plane.cluster, OTHER) for key, value in keys.items() if "eks-cluster" in key},
        ),
        ("a cluster with the ARN of ours", None, {"aws:RequestTag/eks-cluster-name": OTHER}),
        (
            "a cluster of the same name in another region",
            "foreign",
            {"aws:RequestTag/eks-cluster-arn": cluster.replace(plane.region, OTHER_REGION)},
        ),
        ("another namespace", None, {"aws:RequestTag/kubernetes-namespace": "default"}),
        ("another service account", None, {"aws:RequestTag/kubernetes-service-account": f"{name}-2"}),
        ("a cluster of another account", "foreign", {"aws:SourceAccount": OTHER_ACCOUNT}),
    ]
    for what, attack, change in tries:
        yield Try(what, PODS, keys | change, attack, both)
    yield Try("a pod without tags", PODS, untagged, "untagged", both)


def _web_identity(provider: str, service_account: str) -> Iterator[Try]:
    namespace, name = service_account.split("/")
    issuer = provider.split(":oidc-provider/")[1]
    other = issuer[:-1] + ("0" if issuer[-1] != "0" else "1")
    only = (WEB_IDENTITY,)
    subject = f"system:serviceaccount:{namespace}:{name}"
    yield Try("its service account", provider, _token(issuer, subject), actions=only, succeeds=True)
    yield Try("another cluster", provider.replace(issuer, other), _token(other, subject), "other-cluster", only)
    yield Try("another namespace", provider, _token(issuer, f"system:serviceaccount:default:{name}"), None, only)
    yield Try("another service account", provider, _token(issuer, f"{subject}-2"), None, only)
    yield Try("a token for somebody else", provider, _token(issuer, subject, "vault"), None, only)
    yield Try("a token without a subject", provider, {f"{issuer}:aud": "sts.amazonaws.com"}, "untagged", only)
    foreign = provider.replace(str(account_of(provider)), OTHER_ACCOUNT)
    yield Try("a provider of another account", foreign, _token(issuer, subject), "foreign", only)


def _token(issuer: str, subject: str, audience: str = "sts.amazonaws.com") -> dict[str, str]:
    return {f"{issuer}:aud": audience, f"{issuer}:sub": subject}


def _service(plane: Plane, service: str, source: str | None) -> Iterator[Try]:
    keys = {"aws:SourceAccount": plane.account, "aws:SourceArn": source} if source else {}
    yield Try("its service", service, keys, succeeds=True)
    if source:
        other = {"aws:SourceArn": source.replace(plane.account, OTHER_ACCOUNT), "aws:SourceAccount": OTHER_ACCOUNT}
        yield Try("its service, for another account", service, other, "foreign")
        for key, value in other.items():
            yield Try(f"its service, with {key} of another account", service, keys | {key: value}, "foreign")
        yield Try("its service, for nobody", service, {}, "untagged")
        if plane.cluster in source:
            cluster = keys | {"aws:SourceArn": source.replace(plane.cluster, OTHER)}
            yield Try("its service, for another cluster", service, cluster, "other-cluster")


def _principal(plane: Plane, principal: str, external_id: str | None) -> Iterator[Try]:
    keys = {"sts:ExternalId": external_id} if external_id else {}
    yield Try("its principal", principal, keys, succeeds=True)
    if external_id:
        yield Try("its principal, without the external ID", principal, {}, "untagged")
        yield Try(
            "its principal, for somebody else", principal, {"sts:ExternalId": f"{external_id}-2"}, "other-cluster"
        )
    yield Try("another account", f"arn:aws:iam::{OTHER_ACCOUNT}:role/intruder", keys, "foreign")
    if ":role/" in principal:
        account, name = str(account_of(principal)), principal.rpartition("/")[2]
        yield Try("another role of its account", f"arn:aws:iam::{account}:role/intruder", keys)
        yield Try("a role by its name in this account", principal.replace(account, plane.account), keys)
        yield Try("a role by its name on another path", f"arn:aws:iam::{account}:role/elsewhere/{name}", keys)


def _strangers(plane: Plane, wanted: AssumedBy) -> Iterator[Try]:
    for account in (plane.account, OTHER_ACCOUNT):
        yield Try(f"a role of {account}", f"arn:aws:iam::{account}:role/intruder", {}, "foreign")
    for service in SERVICES:
        if service != wanted.service and not (service == PODS and wanted.service_account):
            yield Try(f"the service {service}", service, {"aws:SourceAccount": plane.account})
