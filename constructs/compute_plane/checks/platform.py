"""IAM20: what the platform's control plane may do in this account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import ACCOUNT, PART, Statement, permissions_of
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

PLATFORM = "-platform-iam-role"
BUCKET = "AWS::S3::Bucket"
FORBIDDEN = (
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketPolicy",
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "eks:DeleteAccessEntry",
    "eks:DisassociateAccessPolicy",
    "eks:UpdateAccessEntry",
)
WITHOUT_RESOURCE = {
    "ecr:DescribeRegistry",
    "ecr:GetAuthorizationToken",
    "ecr:GetRegistryPolicy",
    "ecr:GetRegistryScanningConfiguration",
    "sts:GetServiceBearerToken",
}
REFERENCE = re.compile(r"<(?P<logical_id>[A-Za-z0-9]+)(?:\.Arn)?>(?:/.*)?")


def platform_role(template: Template) -> Iterator[Finding]:
    for role in template.roles_called(template.facts.platform_role, PLATFORM):
        properties = template.properties(role)
        for policy in as_list(properties.get("ManagedPolicyArns")):
            if template.type_of(template.referred_to(policy) or "") != "AWS::IAM::ManagedPolicy":
                yield Finding(role, f"Policy::{flatten(policy)}")
        bucket = template.facts.artifact_bucket or f"{flatten(properties.get('RoleName')).removesuffix(PLATFORM)}-ml"
        for statement in permissions_of(template, role):
            yield from (statement.finding(detail) for detail in _outside(template, statement, bucket))


def _outside(template: Template, statement: Statement, bucket: str) -> Iterator[str]:
    for action in FORBIDDEN:
        if statement.covers(action):
            yield f"Action::{action}"
    for key in ("NotAction", "NotResource"):
        if key in statement.body:
            yield key
    for action in statement.actions:
        for resource in statement.resources:
            if action not in WITHOUT_RESOURCE and not _is_ours(template, statement, action, resource, bucket):
                yield f"{action}::{resource}"


def _is_ours(template: Template, statement: Statement, action: str, resource: str, bucket: str) -> bool:
    facts = template.facts
    match action.partition(":")[0]:
        case "s3":
            return _is_in_bucket(template, resource, bucket)
        case "ecr":
            return _begins(resource, "ecr", f"repository/{facts.repository_prefix}")
        case "ssm":
            return _begins(resource, "ssm", f"parameter/{facts.secret_prefix}")
        case "kms":
            services = statement.condition("StringEquals", "kms:ViaService")
            return bool(services) and all(service.startswith("s3.") for service in services) and "*" not in resource
        case _:
            return False


def _is_in_bucket(template: Template, resource: str, bucket: str) -> bool:
    """By its name, or by reference to the bucket that has this name."""
    name = re.sub(rf"^arn:{PART}:s3:::", "", resource)
    referred = REFERENCE.fullmatch(name)
    if referred and template.type_of(referred["logical_id"]) == BUCKET:
        return flatten(template.properties(referred["logical_id"]).get("BucketName")).startswith(bucket)
    return name != resource and name.startswith(bucket)


def _begins(resource: str, service: str, prefix: str) -> bool:
    """Whether the prefix stands in the ARN before any wildcard, which could otherwise match anything."""
    return re.match(rf"arn:{PART}:{service}:{PART}:{ACCOUNT}:{re.escape(prefix)}", resource) is not None


RULES = (
    Rule(
        id="IAM20",
        title="The platform role stays in its three prefixes",
        why='000: «"arn:aws:s3:::tfy-$SHORT_REGION-$NAME-ml*"»; 000: «Role assumed by TrueFoundry to allow for»',
        fix="S3 on the artifact bucket (its key through S3 only), ECR on the repositories and Parameter Store on "
        "the secrets of the configured prefixes; nothing that lets anybody into the cluster.",
        check=platform_role,
    ),
)
