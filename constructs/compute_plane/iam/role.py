"""Roles made from the policy documents, with the findings that their reasons answer acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from aws_cdk import Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from compute_plane.iam.documents import load, load_each, placeholders
from compute_plane.iam.findings import (
    acknowledge_managed_policies,
    acknowledge_wildcards,
    read_reasons,
)
from compute_plane.iam.placeholders import DocumentError, Value

POD_IDENTITY = "trust-pod-identity"


class WorkloadRole(Construct):
    """The role of one service account of one cluster, assumed through EKS Pod Identity.

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
    ) -> None:
        super().__init__(scope, id)
        self.role = role_from_documents(
            self,
            "Role",
            role_name=role_name,
            trust=POD_IDENTITY,
            documents=documents,
            values={
                **values,
                "ClusterName": cluster_name,
                "Namespace": namespace,
                "ServiceAccount": service_account,
            },
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
) -> iam.Role:
    """A role with the trust document `trust` and one inline policy for each document.

    The trust policy is the document itself: `role.assume_role_policy` and `grant_assume_role` change nothing.
    """
    document_names = placeholders(*documents) if documents else set[str]()
    if unused := sorted(set(values) - document_names - placeholders(trust)):
        raise DocumentError(f"neither {trust} nor any of {list(documents)} uses the given {unused}")
    trust_document = load(trust, values=_only(placeholders(trust), values))
    inline = load_each(*documents, values=_only(document_names, values)) if documents else {}
    service = trust_document["Statement"][0]["Principal"]["Service"]
    role = iam.Role(
        scope,
        id,
        role_name=role_name,
        assumed_by=cast(iam.IPrincipal, iam.ServicePrincipal(service)),
        managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in managed_policies],
        inline_policies={name: iam.PolicyDocument.from_json(document) for name, document in inline.items()},
    )
    resource = cast(iam.CfnRole, role.node.default_child)
    resource.assume_role_policy_document = trust_document
    _acknowledge(resource, trust, inline, managed_policies)
    return role


def _only(names: set[str], values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in names}


def _acknowledge(
    resource: iam.CfnRole, trust: str, inline: dict[str, dict[str, Any]], managed_policies: Sequence[str]
) -> None:
    """On the resource, not on the construct: a policy that a grant adds later answers for itself."""
    reasons = read_reasons()
    acknowledgements = [
        *acknowledge_wildcards(Stack.of(resource).resolve(inline), reasons["statements"]),
        *acknowledge_managed_policies(managed_policies, reasons["managed_policies"].get(trust, {})),
    ]
    if acknowledgements:
        Validations.of(resource).acknowledge(*acknowledgements)
