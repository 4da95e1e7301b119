"""What the configuration asks of every role: a permissions boundary and a path, on CDK's own roles too."""

from __future__ import annotations

import jsii
from aws_cdk import Aspects, CfnResource, IAspect
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from compute_plane.config.iam import IamConfig
from compute_plane.iam.placeholders import pseudo_parameters

ROLE = "AWS::IAM::Role"


def configure_every_role(scope: IConstruct, config: IamConfig) -> None:
    """Gives all roles of a scope, present and to come, their boundary and path; nothing is visited without either."""
    properties: dict[str, str] = {}
    if config.permissions_boundary:
        properties["PermissionsBoundary"] = _policy_arn(config.permissions_boundary)
    if config.role_path != "/":
        properties["Path"] = config.role_path
    if properties:
        Aspects.of(scope).add(_EveryRole(properties))


@jsii.implements(IAspect)
class _EveryRole:
    """An aspect, because the roles of CDK's custom resources are plain resources that take no such argument."""

    def __init__(self, properties: dict[str, str]) -> None:
        self._properties = properties

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, iam.CfnRole) or (type(node) is CfnResource and node.cfn_resource_type == ROLE):
            for name, value in self._properties.items():
                node.add_property_override(name, value)


def _policy_arn(policy: str) -> str:
    """A bare policy name is completed, so that one file serves every account."""
    if policy.startswith("arn:"):
        return policy
    known = pseudo_parameters()
    return f"arn:{known['AWS::Partition']}:iam::{known['AWS::AccountId']}:policy/{policy}"
