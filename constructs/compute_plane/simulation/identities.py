"""The ids and ARNs that AWS would give to the resources of a template, as patterns by type.

`{name}` is the given or generated name, `{hex}` and `{uuid}` are made from the logical id, and `{Property}` is a
property of the resource.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compute_plane.simulation.patterns import SimulationError


@dataclass(frozen=True)
class Identity:
    """What a Ref and each Fn::GetAtt of a type return; `name` is the property that names the resource."""

    ref: str
    name: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


ARN = "arn:{partition}:{service}:{region}:{account}:"
IAM = "arn:{partition}:iam::{account}:"
IDENTITIES: dict[str, Identity] = {
    "AWS::EC2::SecurityGroup": Identity("sg-{hex}", attributes={"GroupId": "sg-{hex}"}),
    "AWS::EC2::Subnet": Identity("subnet-{hex}"),
    "AWS::EC2::VPC": Identity("vpc-{hex}", attributes={"DefaultSecurityGroup": "sg-{hex}", "VpcId": "vpc-{hex}"}),
    "AWS::ECR::Repository": Identity("{name}", "RepositoryName", {"Arn": ARN + "repository/{name}"}),
    "AWS::EFS::FileSystem": Identity("fs-{hex}", attributes={"Arn": ARN + "file-system/fs-{hex}"}),
    "AWS::EKS::Cluster": Identity(
        "{name}",
        "Name",
        {"Arn": ARN + "cluster/{name}", "OpenIdConnectIssuerUrl": "https://oidc.eks.{region}.amazonaws.com/id/{HEX}"},
    ),
    "AWS::Events::Rule": Identity("{name}", "Name", {"Arn": ARN + "rule/{name}"}),
    "AWS::IAM::InstanceProfile": Identity(
        "{name}", "InstanceProfileName", {"Arn": IAM + "instance-profile{Path}{name}"}
    ),
    "AWS::IAM::ManagedPolicy": Identity(IAM + "policy{Path}{name}", "ManagedPolicyName"),
    "AWS::IAM::OIDCProvider": Identity(IAM + "oidc-provider/{Url}", attributes={"Arn": IAM + "oidc-provider/{Url}"}),
    "AWS::IAM::Role": Identity("{name}", "RoleName", {"Arn": IAM + "role{Path}{name}"}),
    "AWS::KMS::Key": Identity("{uuid}", attributes={"Arn": ARN + "key/{uuid}", "KeyId": "{uuid}"}),
    "AWS::Lambda::Function": Identity("{name}", "FunctionName", {"Arn": ARN + "function:{name}"}),
    "AWS::Logs::LogGroup": Identity("{name}", "LogGroupName", {"Arn": ARN + "log-group:{name}:*"}),
    "AWS::Route53::HostedZone": Identity("Z{HEX}", attributes={"Id": "Z{HEX}"}),
    "AWS::S3::Bucket": Identity("{name}", "BucketName", {"Arn": "arn:{partition}:s3:::{name}"}),
    "AWS::SNS::Topic": Identity(ARN + "{name}", "TopicName"),
    "AWS::SQS::Queue": Identity(
        "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "QueueName",
        {"Arn": ARN + "{name}", "QueueName": "{name}"},
    ),
    "AWS::SSM::Parameter": Identity("{name}", "Name"),
    "AWS::SecretsManager::Secret": Identity(ARN + "secret:{name}-{hex6}", "Name"),
}
SERVICES = {"EFS": "elasticfilesystem"}
FIELD = re.compile(r"\{(\w+)\}")


def reference(resource_type: str, fields: Mapping[str, Any]) -> str:
    """What a Ref of a resource returns. `fields` come from `fields_of`."""
    return _filled(_identity(resource_type).ref, fields)


def attribute(resource_type: str, name: str, fields: Mapping[str, Any]) -> str:
    """What a Fn::GetAtt returns."""
    patterns = _identity(resource_type).attributes
    if name not in patterns:
        raise SimulationError(f"the attribute {name} of {resource_type} is not known; known are {sorted(patterns)}")
    return _filled(patterns[name], fields)


def fields_of(
    resource_type: str, properties: Mapping[str, Any], place: Mapping[str, str], unique: str, generated: str
) -> dict[str, Any]:
    """The fields of a resource's patterns: `place` has partition, region and account, `unique` is its own text."""
    digest = hashlib.sha256(unique.encode()).hexdigest()
    name = properties.get(_identity(resource_type).name or "", generated)
    service = resource_type.split("::")[1]
    return {
        **place,
        "Path": properties.get("Path", "/"),
        "Url": str(properties.get("Url", "")).removeprefix("https://"),
        "HEX": digest[:20].upper(),
        "hex": digest[:17],
        "hex6": digest[:6],
        "name": name,
        "service": SERVICES.get(service, service.lower()),
        "uuid": "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])),
    }


def _identity(resource_type: str) -> Identity:
    if resource_type not in IDENTITIES:
        raise SimulationError(f"the ids of {resource_type} are not known; known are those of {sorted(IDENTITIES)}")
    return IDENTITIES[resource_type]


def _filled(pattern: str, fields: Mapping[str, Any]) -> str:
    return FIELD.sub(lambda found: str(fields[found[1]]), pattern)
