"""A security group that lets nothing in or out until a rule of its own says so."""

from typing import cast

from aws_cdk import aws_ec2 as ec2
from constructs import Construct


def closed_security_group(scope: Construct, id: str, *, vpc: ec2.IVpc, description: str) -> ec2.ISecurityGroup:
    """Ingress comes with `DataAccess`, in the stack that knows the cluster."""
    group = ec2.SecurityGroup(scope, id, vpc=vpc, description=description, allow_all_outbound=False)
    return cast(ec2.ISecurityGroup, group)
