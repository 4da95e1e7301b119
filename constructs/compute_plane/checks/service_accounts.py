"""IAM10: a workload role is for one service account of this plane's cluster, and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.cluster import CLUSTER
from compute_plane.checks.identities import account_of, is_output
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.services import service_of
from compute_plane.checks.statements import ACCOUNT, OWN_ACCOUNT, PART, Statement, allowed
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

NAME = re.compile(r"[^*?<>${}]+")
SUBJECT = re.compile(r"system:serviceaccount:[^:*?<>${}]+:[^:*?<>${}]+")
CLUSTER_ARN = re.compile(rf"arn:{PART}:eks:(?P<region>{PART}):(?P<account>{ACCOUNT}):cluster/(?P<name>[^*?<>/]+)")
PROVIDER = re.compile(rf"arn:{PART}:iam::(?P<account>{ACCOUNT}):oidc-provider/(?P<issuer>.+)")
PROVIDERS = ("AWS::IAM::OIDCProvider", "Custom::AWSCDKOpenIdConnectProvider")
REFERENCE = re.compile(r"<(\w+)(?:\.Arn)?>")
VARIABLE = re.compile(r"\$\{(\w+)\}")
POD_IDENTITY = (
    "aws:RequestTag/eks-cluster-arn",
    "aws:RequestTag/eks-cluster-name",
    "aws:RequestTag/kubernetes-namespace",
    "aws:RequestTag/kubernetes-service-account",
    "aws:SourceAccount",
)


def one_service_account(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "trust"):
        for kind, principal in statement.named_principals:
            if kind == "Federated":
                details = _web_identity(template, statement, principal)
            elif kind == "Service" and service_of(flatten(principal)) == "pods.eks":
                details = _pod_identity(template, statement)
            else:
                continue
            yield from (statement.finding(detail) for detail in details)


def _pod_identity(template: Template, statement: Statement) -> Iterator[str]:
    for key in POD_IDENTITY:
        values = statement.condition("StringEquals", key)
        if len(values) != 1:
            yield f"{'Several' if values else 'Missing'}::{key}"
        elif not _is_ours(template, key, values[0]):
            yield f"{key}::{values[0]}"
    for action in sorted(set(statement.actions) - {"sts:AssumeRole", "sts:TagSession"}):
        yield f"Action::{action}"


def _is_ours(template: Template, key: str, value: str) -> bool:
    """A cluster's name or ARN may also be a reference to the cluster of this template."""
    facts, referred = template.facts, REFERENCE.fullmatch(value)
    here = referred is not None and template.type_of(referred[1]) == CLUSTER
    match key.rpartition("/")[2]:
        case "aws:SourceAccount":
            return account_of(template, value) == OWN_ACCOUNT
        case "eks-cluster-name":
            return here or (NAME.fullmatch(value) is not None and facts.cluster_name in (None, value))
        case "eks-cluster-arn":
            found = CLUSTER_ARN.fullmatch(value)
            return here or (
                found is not None
                and found["account"] in (OWN_ACCOUNT, template.account)
                and (found["region"] == "<AWS::Region>" or facts.region in (None, found["region"]))
                and facts.cluster_name in (None, found["name"])
            )
        case _:
            return NAME.fullmatch(value) is not None


def _web_identity(template: Template, statement: Statement, provider: Any) -> Iterator[str]:
    if not _is_our_provider(template, statement, provider):
        yield f"Provider::{flatten(provider)}"
    for action in statement.actions:
        if action.lower() != "sts:assumerolewithwebidentity":
            yield f"Action::{action}"
    tests = (statement.body.get("Condition") or {}).get("StringEquals") or {}
    claims: dict[str, list[str]] = {}
    for key, values in tests.items():
        issuer, _, claim = key.rpartition(":")
        if issuer in _issuers(provider):
            claims[claim] = [flatten(value) for value in as_list(values)]
    if claims.get("aud") != ["sts.amazonaws.com"]:
        yield "Audience::" + ",".join(claims.get("aud", ["missing"]))
    subjects = claims.get("sub", ["missing"])
    if len(subjects) != 1 or not SUBJECT.fullmatch(subjects[0]):
        yield "Subject::" + ",".join(subjects)


def _issuers(provider: Any) -> set[str]:
    """How the keys of claims may name the issuer: as the provider's ARN ends, by text or by reference."""
    found = PROVIDER.fullmatch(flatten(provider))
    ends = [{"Fn::Select": [1, {"Fn::Split": [f"{colon}oidc-provider/", provider]}]} for colon in (":", "")]
    return {found["issuer"]} if found else {flatten(end) for end in ends}


def _is_our_provider(template: Template, statement: Statement, provider: Any) -> bool:
    """One for the issuer of this plane's cluster: any other issuer can also write `system:serviceaccount:…`."""
    if is_output(provider):
        return True
    if logical_id := template.referred_to(provider):
        return template.type_of(logical_id) in PROVIDERS and _is_our_issuer(
            template, template.properties(logical_id).get("Url")
        )
    found = PROVIDER.fullmatch(flatten(provider))
    if found is None or found["account"] not in (OWN_ACCOUNT, template.account):
        return False
    return _is_our_issuer(template, _value(template, statement, found["issuer"]))


def _value(template: Template, statement: Statement, issuer: str) -> Any:
    """What the variable stands for, where the trust policy is text with variables."""
    document = template.properties(statement.logical_id).get("AssumeRolePolicyDocument")
    match document:
        case {"Fn::Sub": [str(), dict() as values]}:
            return values.get(issuer.strip("<>"))
        case _:
            return None


def _is_our_issuer(template: Template, value: Any) -> bool:
    match value:
        case {"Fn::Select": [_, {"Fn::Split": [str(), inner]}]}:
            return _is_our_issuer(template, inner)
        case {"Fn::Sub": [str() as text, dict() as values]} if whole := VARIABLE.fullmatch(text):
            return _is_our_issuer(template, values.get(whole[1]))
        case {"Fn::GetAtt": [str() as name, "OpenIdConnectIssuerUrl"]}:
            return template.type_of(name) == CLUSTER
        case _:
            return is_output(value)


RULES = (
    Rule(
        id="IAM10",
        title="A workload role is trusted to one service account",
        why="003: «The role allows the EBS CSI controller to assume a specific IAM role with OIDC (OpenID "
        "Connect) authentication»; 004: «get the ARN of the dedicated IAM role for the DAL service account»",
        fix="StringEquals on this account, cluster, namespace and service account; for OIDC the provider of this "
        "cluster's issuer, with aud and sub of the same issuer. No other federation.",
        check=one_service_account,
    ),
)
