"""IAM25: no permission by which a role makes itself, or somebody else, more powerful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compute_plane.checks.actions import Action
from compute_plane.checks.arns import OWN, pattern_of
from compute_plane.checks.own import is_own
from compute_plane.checks.pins import Test, pinned_by_resource_tag, tests
from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.statements import Statement, allowed
from compute_plane.checks.template import Template

WRITES_PERMISSIONS = frozenset(
    {
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreatePolicyVersion",
        "iam:CreateRole",
        "iam:CreateUser",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutGroupPolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:PutUserPermissionsBoundary",
        "iam:PutUserPolicy",
        "iam:SetDefaultPolicyVersion",
        "iam:UpdateLoginProfile",
    }
)
"""For roles with a name, within our boundary or with our policies alone. What is taken away may be a denial."""
LETS_OTHERS_IN = frozenset(
    {
        "ecr:SetRepositoryPolicy",
        "eks:AssociateAccessPolicy",
        "eks:AssociateIdentityProviderConfig",
        "eks:CreateAccessEntry",
        "eks:CreateAddon",
        "eks:CreatePodIdentityAssociation",
        "eks:UpdateAccessEntry",
        "eks:UpdateAddon",
        "eks:UpdatePodIdentityAssociation",
        "iam:CreateSAMLProvider",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteUserPermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateSAMLProvider",
        "kms:PutKeyPolicy",
        "lambda:AddPermission",
        "s3:PutBucketPolicy",
    }
)
"""What makes somebody master of the plane's own cluster, role, key or bucket: that it is ours excuses nothing.

Nor does a boundary, which is of no use to who may take it away or who may say by whom the role is assumed."""
TAKES_OVER = frozenset(
    {
        "cloudformation:CreateChangeSet",
        "cloudformation:CreateStack",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:UpdateStack",
        "ec2:AssociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
        "eks-auth:AssumeRoleForPodIdentity",
        "iam:AddRoleToInstanceProfile",
        "iam:CreateOpenIDConnectProvider",
        "lambda:CreateFunction",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "ssm:CreateAssociation",
        "ssm:SendCommand",
        "ssm:StartAutomationExecution",
        "ssm:StartSession",
        "sts:AssumeRole",
    }
)
"""What runs code or a command under another role, or lends that role: for resources of ours only."""
BOUNDARY, POLICY, ACCESS = "iam:permissionsboundary", "iam:policyarn", "eks:principalarn"
OF_CLUSTERS_AND_NODES = re.compile(
    r"arn:(aws[a-z-]*|<Partition>):iam::aws:policy/(AmazonEKSClusterPolicy|AmazonEKSFargatePodExecutionRolePolicy|"
    r"AmazonEKSVPCResourceController|AmazonEKSWorkerNodePolicy|AmazonEKSWorkerNodeMinimalPolicy|AmazonEKS_CNI_Policy|"
    r"AmazonEC2ContainerRegistry(PullOnly|ReadOnly))"
)
"""Policies of AWS that the roles of every cluster and node carry. That of Session Manager reads every parameter."""
LISTED = WRITES_PERMISSIONS | LETS_OTHERS_IN | TAKES_OVER
NAMELESS = re.compile(r"[*?/]*")


def escalation(template: Template) -> Iterator[Finding]:
    for statement in allowed(template, "identity"):
        found = [(written, action) for written, action in statement.known_actions() if action.name in LISTED]
        for text, resource in statement.targets if found else ():
            for written in dict.fromkeys(
                written for written, action in found if _empowers(template, statement, action, resource)
            ):
                yield statement.finding(f"{written}::{text}")


def _empowers(template: Template, statement: Statement, action: Action, resource: Any) -> bool:
    if action.name in TAKES_OVER:
        return not (is_own(template, resource) or pinned_by_resource_tag(template, statement))
    limited = any(_limits(template, test, action) for test in tests(statement))
    if action.name in LETS_OTHERS_IN:
        return not (limited and is_own(template, resource))
    return not (limited and _has_name(pattern_of(template, resource)))


def _limits(template: Template, test: Test, action: Action) -> bool:
    """By a boundary, the policies that may be attached, or who is let in, of those that the action knows."""
    key = test.key.lower()
    wanted = (ACCESS,) if action.name in LETS_OTHERS_IN else (BOUNDARY, POLICY)
    if key not in wanted or key not in [known.lower() for known in action.condition_keys]:
        return False
    return (
        test.needs_the_key
        and test.base in ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
        and all(
            is_own(template, value)
            or (key == POLICY and OF_CLUSTERS_AND_NODES.fullmatch(pattern_of(template, value)) is not None)
            for value in test.values
        )
    )


def _has_name(pattern: str) -> bool:
    """A role's whole name, or its beginning or end: `role/tfy-*`, `role/*.sigs.k8s.io`."""
    return pattern.startswith(OWN) or NAMELESS.fullmatch(pattern.rpartition(":")[2].partition("/")[2]) is None


RULES = (
    Rule(
        id="IAM25",
        title="No path to more privilege",
        why='001: «"iam:CreatePolicyVersion",»; 000: «"iam:*"»; 001: «"sts:AssumeRole"»',
        fix="Drop the action; or name the roles and require iam:PermissionsBoundary or iam:PolicyARN, each of this "
        "plane; name the plane's own role, function or instance that another role may use; for access to the "
        "cluster require eks:principalArn.",
        check=escalation,
    ),
)
