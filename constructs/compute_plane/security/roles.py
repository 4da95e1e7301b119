"""The roles of an environment's templates, and what each of them holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compute_plane.checks.statements import ROLE, Statement, allowed, documents
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

CLUSTER = "<cluster>"
MANAGED_POLICY = re.compile(r":policy/(?:[\w-]+/)*([\w+=,.@-]+)")


@dataclass(frozen=True)
class Role:
    """One role; names are those of any environment, with `<cluster>` where the cluster's name stands."""

    name: str
    stack: str
    assumed_by: str
    policies: str


def roles_of(assembly: Path, cluster_name: str) -> Iterator[Role]:
    """Every role of every template of a cloud assembly."""
    for file in sorted(assembly.glob("*.template.json")):
        template = Template(json.loads(file.read_text(encoding="utf-8")))
        stack = file.name.removesuffix(".template.json")
        for logical_id, properties in template.of_type(ROLE):
            role = Role(
                name=_name(template, logical_id, properties),
                stack=stack,
                assumed_by="\n".join(dict.fromkeys(_trusted(template, logical_id))),
                policies="\n".join(_policies(template, logical_id, properties)),
            )
            yield _anywhere(role, cluster_name)


def _name(template: Template, logical_id: str, properties: Mapping[str, Any]) -> str:
    if name := properties.get("RoleName"):
        return flatten(name)
    path = template.resources[logical_id].get("Metadata", {}).get("aws:cdk:path", logical_id)
    return f"(generated) {path}"


def _trusted(template: Template, logical_id: str) -> Iterator[str]:
    for statement in allowed(template, "trust"):
        if statement.logical_id == logical_id:
            terms = [term for term in (_service_account(statement), _external_id(statement)) if term]
            for kind, name in statement.principals:
                yield " ".join([name if kind == "Service" else f"{kind} {name}", *terms])


def _service_account(statement: Statement) -> str:
    """`for kube-system/karpenter`: through EKS Pod Identity, or through the cluster's OIDC issuer."""
    names = [
        *statement.condition("StringEquals", "aws:RequestTag/kubernetes-namespace"),
        *statement.condition("StringEquals", "aws:RequestTag/kubernetes-service-account"),
    ]
    tests: Mapping[str, Any] = (statement.body.get("Condition") or {}).get("StringEquals") or {}
    subjects = [
        flatten(value).removeprefix("system:serviceaccount:").replace(":", "/")
        for key, values in tests.items()
        if key.endswith(":sub")
        for value in as_list(values)
    ]
    found = ["/".join(names)] if names else subjects
    return f"for {', '.join(found)}" if found else ""


def _external_id(statement: Statement) -> str:
    if not any(kind == "AWS" for kind, _ in statement.principals):
        return ""
    return "with an external ID" if statement.condition("StringEquals", "sts:ExternalId") else "without an external ID"


def _policies(template: Template, logical_id: str, properties: Mapping[str, Any]) -> Iterator[str]:
    for arn in as_list(properties.get("ManagedPolicyArns")):
        reference = flatten(arn)
        name = MANAGED_POLICY.search(reference)
        yield name[1] if name else reference
    for policy in as_list(properties.get("Policies")):
        yield flatten(policy["PolicyName"])
    for policy, attached in template.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"):
        if template.attached_to(logical_id, attached):
            kinds = [kind for kind, _ in documents(template.resources[policy]["Type"], attached)]
            yield flatten(attached.get("ManagedPolicyName") or attached.get("PolicyName") or kinds[0])


def _anywhere(role: Role, cluster_name: str) -> Role:
    return Role(**{field: getattr(role, field).replace(cluster_name, CLUSTER) for field in Role.__dataclass_fields__})
