"""Roles made from the policy documents, with the findings that their reasons answer acknowledged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import CfnResource, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from compute_plane.iam.documents import fill_each, placeholders
from compute_plane.iam.findings import (
    acknowledge_managed_policies,
    acknowledge_wildcards,
    read_reasons,
    wildcard_findings,
)
from compute_plane.iam.flatten import flatten
from compute_plane.iam.placeholders import TOKEN, DocumentError, Value, pseudo_parameters
from compute_plane.iam.trust import IRSA, ISSUER, POD_IDENTITY, trust_document


class WorkloadRole(Construct):
    """The role of one service account of one cluster, assumed through the cluster's OIDC issuer if one is given, and
    through EKS Pod Identity otherwise.

    `documents` is a role's name in `iam/policies/` and then its options: ("ebs-csi-controller", "kms").
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        role_name: str,
        documents: Sequence[str],
        values: Mapping[str, Value],
        cluster_name: str,
        namespace: str,
        service_account: str,
        oidc_issuer: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.service_account = service_account
        self.trusts_issuer = oidc_issuer is not None
        trust = IRSA if oidc_issuer else POD_IDENTITY
        ours = {"ClusterName": cluster_name, "Namespace": namespace, "ServiceAccount": service_account}
        if oidc_issuer:
            ours[ISSUER] = oidc_issuer
        self.role = role_from_documents(
            self,
            "Role",
            role_name=role_name,
            trust=trust,
            documents=documents,
            values={**values, **_only(placeholders(trust) | placeholders(*documents), ours)},
        )


def role_from_documents(
    scope: Construct,
    id: str,
    *,
    role_name: str | None = None,
    trust: str,
    documents: Sequence[str] = (),
    managed_policies: Sequence[str] = (),
    values: Mapping[str, Value],
) -> iam.CfnRole:
    """A role with the trust document `trust` and one inline policy for each document, exactly as they are written.

    It is CloudFormation's own resource, so that nothing can be granted to it anywhere else.
    """
    document_names = placeholders(*documents) if documents else set[str]()
    # Filled first: of a misspelt placeholder, the document's own error says where it stands.
    inline = fill_each(*documents, values=values) if documents else {}
    if unused := sorted(set(values) - document_names - placeholders(trust)):
        raise DocumentError(f"neither {trust} nor any of {list(documents)} uses the given {unused}")
    partition = pseudo_parameters()["AWS::Partition"]
    role = iam.CfnRole(
        scope,
        id,
        role_name=role_name,
        assume_role_policy_document=trust_document(trust, _only(placeholders(trust), values)),
        managed_policy_arns=[f"arn:{partition}:iam::aws:policy/{name}" for name in managed_policies] or None,
        policies=[
            iam.CfnRole.PolicyProperty(policy_name=name, policy_document=document) for name, document in inline.items()
        ]
        or None,
    )
    _acknowledge(role, trust, inline, managed_policies)
    return role


def _only(names: set[str], values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _acknowledge(
    resource: iam.CfnRole, trust: str, inline: dict[str, dict[str, Any]], managed_policies: Sequence[str]
) -> None:
    reasons = read_reasons()
    acknowledgements = [
        *acknowledge_wildcards(resolved(resource, inline), reasons["statements"]),
        *acknowledge_managed_policies(managed_policies, reasons["managed_policies"].get(trust, {})),
    ]
    if acknowledgements:
        Validations.of(resource).acknowledge(*acknowledgements)


def resolved(resource: CfnResource, inline: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The documents as the template will hold them, as far as findings show it.

    Tokens of pseudo parameters are written as references here, because CDK's own `resolve` takes milliseconds a
    role; it is asked when a wildcard stands beside any other token.
    """
    text = json.dumps(inline)
    for name, token in pseudo_parameters().items():
        text = text.replace(token, f"<{name}>")
    documents = json.loads(text)
    findings = [
        finding
        for document in documents.values()
        for statement in document["Statement"]
        for finding in wildcard_findings(statement)
    ]
    unknown = any(flatten(TOKEN) in finding for finding in findings)
    return Stack.of(resource).resolve(inline) if unknown else documents
