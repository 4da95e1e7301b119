"""Where policies stand in a template: which property of which resource type holds which kind of policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from compute_plane.checks.services import service_of
from compute_plane.iam.flatten import as_list, flatten

Kind = Literal["identity", "trust", "resource"]

ROLE = "AWS::IAM::Role"
KEY = "AWS::KMS::Key"
FILE_SYSTEM = "AWS::EFS::FileSystem"
HOLDERS_OF_INLINE_POLICIES = (ROLE, "AWS::IAM::User", "AWS::IAM::Group")
POLICY_DOCUMENT = "PolicyDocument"
IDENTITY_POLICIES = {
    "AWS::IAM::Policy": POLICY_DOCUMENT,
    "AWS::IAM::ManagedPolicy": POLICY_DOCUMENT,
    "AWS::IAM::RolePolicy": POLICY_DOCUMENT,
    "AWS::IAM::UserPolicy": POLICY_DOCUMENT,
    "AWS::IAM::GroupPolicy": POLICY_DOCUMENT,
    "AWS::SSO::PermissionSet": "InlinePolicy",
}
# A document in any other property is found by its form; one of these may also be a reference, and then the rules
# must know that it is there to be read.
RESOURCE_POLICIES = {
    "AWS::ApiGateway::RestApi": "Policy",
    "AWS::Backup::BackupVault": "AccessPolicy",
    "AWS::EC2::VPCEndpoint": POLICY_DOCUMENT,
    "AWS::ECR::PublicRepository": "RepositoryPolicyText",
    "AWS::ECR::RegistryPolicy": "PolicyText",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::ECR::RepositoryCreationTemplate": "RepositoryPolicy",
    "AWS::Events::EventBus": "Policy",
    "AWS::Kinesis::ResourcePolicy": "ResourcePolicy",
    "AWS::KMS::ReplicaKey": "KeyPolicy",
    "AWS::Logs::Destination": "DestinationPolicy",
    "AWS::Logs::LogGroup": "ResourcePolicyDocument",
    "AWS::Logs::ResourcePolicy": POLICY_DOCUMENT,
    "AWS::MSK::ClusterPolicy": "Policy",
    "AWS::OpenSearchService::Domain": "AccessPolicies",
    "AWS::S3::AccessPoint": "Policy",
    "AWS::S3::BucketPolicy": POLICY_DOCUMENT,
    "AWS::S3::MultiRegionAccessPointPolicy": "Policy",
    "AWS::S3Express::BucketPolicy": POLICY_DOCUMENT,
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    "AWS::SNS::TopicInlinePolicy": POLICY_DOCUMENT,
    "AWS::SNS::TopicPolicy": POLICY_DOCUMENT,
    "AWS::SQS::QueueInlinePolicy": POLICY_DOCUMENT,
    "AWS::SQS::QueuePolicy": POLICY_DOCUMENT,
    "AWS::SSM::ResourcePolicy": "Policy",
    "AWS::VpcLattice::AuthPolicy": "Policy",
    "AWS::VpcLattice::ResourcePolicy": "Policy",
    FILE_SYSTEM: "FileSystemPolicy",
    KEY: "KeyPolicy",
}
PERMISSIONS = {
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Lambda::LayerVersionPermission": "LayerVersionArn",
    "AWS::Events::EventBusPolicy": "EventBusName",
}
CONDITIONS_OF_PERMISSIONS = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "OrganizationId": ("StringEquals", "aws:PrincipalOrgID"),
}


def documents(resource_type: str, properties: Mapping[str, Any]) -> Iterator[tuple[Kind, Any]]:
    """The policy documents that a resource of this type holds in the places made for them."""
    if resource_type == ROLE:
        yield "trust", properties.get("AssumeRolePolicyDocument")
    if resource_type in HOLDERS_OF_INLINE_POLICIES:
        for policy in as_list(properties.get("Policies")):
            yield "identity", policy.get("PolicyDocument")
    if (held := IDENTITY_POLICIES.get(resource_type)) and (held in properties or held == POLICY_DOCUMENT):
        yield "identity", properties.get(held)
    if (held := RESOURCE_POLICIES.get(resource_type)) and held in properties:
        yield "resource", properties[held]
    if resource_type in PERMISSIONS:
        yield "resource", {"Statement": properties.get("Statement") or _permission(resource_type, properties)}


def other_properties(resource_type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """What `documents` does not read."""
    read = {
        RESOURCE_POLICIES.get(resource_type),
        IDENTITY_POLICIES.get(resource_type),
        "Policies" if resource_type in HOLDERS_OF_INLINE_POLICIES else None,
        "AssumeRolePolicyDocument" if resource_type == ROLE else None,
        "Statement" if resource_type in PERMISSIONS else None,
    }
    return {name: value for name, value in properties.items() if name not in read}


def _permission(resource_type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A permission is one statement in properties of its own."""
    principal = properties.get("Principal")
    service = service_of(flatten(principal)) is not None
    tests = {
        operator_and_key: properties[name]
        for name, operator_and_key in CONDITIONS_OF_PERMISSIONS.items()
        if name in properties
    }
    condition: dict[str, dict[str, Any]] = {}
    for (operator, key), value in tests.items():
        condition.setdefault(operator, {})[key] = value
    return {
        "Effect": "Allow",
        "Principal": {"Service" if service else "AWS": principal},
        "Action": properties.get("Action"),
        "Resource": properties.get(PERMISSIONS[resource_type]),
        "Condition": condition or properties.get("Condition") or {},
    }
