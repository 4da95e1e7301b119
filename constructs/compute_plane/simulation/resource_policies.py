"""The policies that stand at resources: who may use a queue, a key, a file system, a bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compute_plane.checks.statements import documents
from compute_plane.simulation.assembly import Stack
from compute_plane.simulation.evaluator import Policy
from compute_plane.simulation.patterns import SimulationError


@dataclass(frozen=True)
class ResourcePolicy:
    """A document, the ARN that it protects, and the property of the resource in the template that holds it."""

    resource: str
    document: Policy
    stack: str
    logical_id: str
    property: str


def _itself(stack: Stack, logical_id: str, _: Mapping[str, Any]) -> list[str]:
    return [stack.attribute(logical_id, "Arn")]


def _queues(stack: Stack, _: str, properties: Mapping[str, Any]) -> list[str]:
    """`https://sqs.<region>.amazonaws.com/<account>/<name>`, as a Ref of a queue returns it."""
    found: list[str] = []
    for url in stack.resolve(properties["Queues"]):
        host, account, name = url.removeprefix("https://").split("/")
        found.append(f"arn:{stack.assembly.partition}:sqs:{host.split('.')[1]}:{account}:{name}")
    return found


def _bucket(stack: Stack, _: str, properties: Mapping[str, Any]) -> list[str]:
    return [f"arn:{stack.assembly.partition}:s3:::{stack.resolve(properties['Bucket'])}"]


HOLDERS: dict[str, tuple[str, Callable[[Stack, str, Mapping[str, Any]], list[str]]]] = {
    "AWS::EFS::FileSystem": ("FileSystemPolicy", _itself),
    "AWS::KMS::Key": ("KeyPolicy", _itself),
    "AWS::S3::BucketPolicy": ("PolicyDocument", _bucket),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", _queues),
}


def resource_policies(stack: Stack) -> Iterator[ResourcePolicy]:
    """An error for a policy that stands where nobody looks for one."""
    for logical_id, resource in stack.resources.items():
        properties: Mapping[str, Any] = resource.get("Properties") or {}
        name, protected = HOLDERS.get(resource["Type"], ("", _itself))
        if name in properties:
            for arn in protected(stack, logical_id, properties):
                yield ResourcePolicy(arn, stack.resolve.document(properties[name]), stack.name, logical_id, name)
        elif any(kind == "resource" for kind, _ in documents(resource["Type"], properties)):
            raise SimulationError(
                f"{stack.name}: nobody reads the policy of {logical_id}, a {resource['Type']}; "
                f"read are those of {sorted(HOLDERS)}"
            )
