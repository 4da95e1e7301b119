"""What the execution role of one plane can do to others, by the simulation of IAM."""

import pytest

from compute_plane.permissions.plan import Plan
from compute_plane.simulation.evaluator import Policies, Request, evaluate

OURS = "111122223333"
EC2 = f"arn:aws:ec2:eu-central-1:{OURS}"
IAM = f"arn:aws:iam::{OURS}"
STACK = "aws:ResourceTag/aws:cloudformation:stack-name"
KEY_POLICY = {
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*", "Resource": "*"}]
}


def allowed(plan: Plan, action: str, resource: str, **context: str) -> bool:
    policies = Policies(
        identity=list(plan.execution.documents.values()), resource=KEY_POLICY if action.startswith("kms:") else None
    )
    named = {key.replace("__", ":"): value for key, value in context.items()}
    return evaluate(Request(f"{IAM}:role/cdk-exec", action, resource, OURS, named), policies).allowed


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("ec2:DeleteVpc", f"{EC2}:vpc/vpc-1", {STACK: "cp-euc1-prod-network"}),
        ("ec2:CreateTags", f"{EC2}:vpc/vpc-1", {"ec2:CreateAction": "CreateVpc"}),
        ("eks:DeleteCluster", f"arn:aws:eks:eu-central-1:{OURS}:cluster/cp-euc1-prod", {}),
        ("iam:CreateRole", f"{IAM}:role/cp-euc1-prod-karpenter", {}),
        (
            "iam:PassRole",
            f"{IAM}:role/initial-eks-node-group-cp-euc1-prod",
            {"iam:PassedToService": "eks.amazonaws.com"},
        ),
        (
            "iam:AttachRolePolicy",
            f"{IAM}:role/cp-euc1-prod-cluster",
            {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"},
        ),
        ("lambda:InvokeFunction", f"arn:aws:lambda:eu-central-1:{OURS}:function:cp-euc1-prod-cluster-Handler-1", {}),
        (
            "kms:ScheduleKeyDeletion",
            f"arn:aws:kms:eu-central-1:{OURS}:key/1",
            {"aws:ResourceTag/compute-plane": "cp-euc1-prod", "aws:ResourceTag/stage": "prod"},
        ),
        ("ec2:DescribeVpcs", "*", {"aws:RequestedRegion": "eu-central-1"}),
    ],
)
def test_the_role_can_do_what_a_deployment_does(
    action: str, resource: str, context: dict[str, str], prod_plan: Plan
) -> None:
    assert allowed(prod_plan, action, resource, **context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("ec2:DeleteVpc", f"{EC2}:vpc/vpc-1", {STACK: "cp-euc1-dev-network"}),
        ("ec2:DeleteVpc", f"{EC2}:vpc/vpc-1", {}),
        ("ec2:DeleteVpc", f"arn:aws:ec2:us-east-1:{OURS}:vpc/vpc-1", {STACK: "cp-euc1-prod-network"}),
        ("ec2:AuthorizeSecurityGroupIngress", f"{EC2}:security-group/sg-1", {STACK: "other"}),
        ("ec2:CreateTags", f"{EC2}:vpc/vpc-1", {STACK: "other"}),
        ("ec2:CreateTags", f"{EC2}:instance/i-1", {}),
        ("ec2:RunInstances", f"{EC2}:subnet/subnet-1", {STACK: "other"}),
        ("ec2:TerminateInstances", f"{EC2}:instance/i-1", {STACK: "cp-euc1-prod-network"}),
        ("eks:DeleteCluster", f"arn:aws:eks:eu-central-1:{OURS}:cluster/cp-euc1-dev", {}),
        ("eks:CreateAccessEntry", f"arn:aws:eks:eu-central-1:{OURS}:cluster/cp-euc1-prod-2", {}),
        ("elasticfilesystem:DeleteFileSystem", f"arn:aws:elasticfilesystem:eu-central-1:{OURS}:file-system/fs-1", {}),
        ("iam:CreateRole", f"{IAM}:role/cp-euc1-prod-2-karpenter", {}),
        ("iam:PutRolePolicy", f"{IAM}:role/Admin", {}),
        ("iam:PassRole", f"{IAM}:role/Admin", {"iam:PassedToService": "lambda.amazonaws.com"}),
        ("iam:PassRole", f"{IAM}:role/cp-euc1-prod-karpenter", {"iam:PassedToService": "lambda.amazonaws.com"}),
        (
            "iam:AttachRolePolicy",
            f"{IAM}:role/cp-euc1-prod-cluster",
            {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ),
        (
            "iam:CreateServiceLinkedRole",
            f"{IAM}:role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations",
            {"iam:AWSServiceName": "organizations.amazonaws.com"},
        ),
        ("iam:CreateUser", f"{IAM}:user/x", {}),
        ("kms:CreateGrant", f"arn:aws:kms:eu-central-1:{OURS}:key/1", {}),
        ("kms:Decrypt", f"arn:aws:kms:eu-central-1:{OURS}:key/1", {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
        ("kms:PutKeyPolicy", f"arn:aws:kms:eu-central-1:{OURS}:key/1", {"aws:ResourceTag/stage": "prod"}),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:eu-central-1:{OURS}:function:other", {}),
        ("s3:DeleteBucket", "arn:aws:s3:::cp-euc1-dev-ml-111122223333", {}),
        ("s3:GetObject", "arn:aws:s3:::cp-euc1-prod-ml-111122223333/model", {}),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:eu-central-1:{OURS}:secret:rds!db-1", {}),
        ("ssm:GetParameters", f"arn:aws:ssm:eu-central-1:{OURS}:parameter/tfy-secret/x", {}),
        ("sts:AssumeRole", f"{IAM}:role/Admin", {}),
        ("ec2:DescribeVpcs", "*", {"aws:RequestedRegion": "us-east-1"}),
    ],
)
def test_the_role_cannot_touch_what_is_not_the_planes(
    action: str, resource: str, context: dict[str, str], prod_plan: Plan
) -> None:
    assert not allowed(prod_plan, action, resource, **context)
