"""Roles made from documents, and the findings that their reasons acknowledge."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Aws, Environment, Stack, Validations
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks

from compute_plane.checks import unused_acknowledgements
from compute_plane.iam.documents import POLICIES, placeholders
from compute_plane.iam.placeholders import DocumentError
from compute_plane.iam.role import WorkloadRole, role_from_documents

CLUSTER = "cp-euc1-dev"
WORKLOADS = {
    "aws-load-balancer-controller": (),
    "ebs-csi-controller": ("kms",),
    "efs-csi": (),
    "efs-csi-node": (),
    "karpenter": ("reserved-capacity",),
    "vpc-cni": (),
}
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234"
NODE_POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)


def new_app(folder: Path) -> App:
    """With the feature flags of the product, for some of them change what a role looks like."""
    flags = json.loads((Path(__file__).parents[3] / "cdk.json").read_text(encoding="utf-8"))["context"]
    return App(
        outdir=str(folder),
        builtin_cloud_formation_validation=False,
        context={**flags, "@aws-cdk/core:failSynthOnValidationErrors": False},
    )


def workload_role(stack: Stack, role: str, *options: str) -> WorkloadRole:
    names = placeholders(role, *options) - {"ClusterName"}
    return WorkloadRole(
        stack,
        role,
        role_name=f"{CLUSTER}-{role}",
        documents=[role, *options],
        values={name: KEY if name == "VolumeKeyArn" else f"arn:aws:x:::{name}" for name in names},
        cluster_name=CLUSTER,
        namespace="kube-system",
        service_account=role,
    )


def all_roles(stack: Stack) -> None:
    for role, options in WORKLOADS.items():
        workload_role(stack, role, *options)
    role_from_documents(
        stack,
        "Cluster",
        trust="trust-eks-cluster",
        documents=["cluster-encryption"],
        managed_policies=["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"],
        values={"ClusterKeyArn": KEY, "ClusterName": CLUSTER},
    )
    role_from_documents(
        stack,
        "Node",
        trust="trust-ec2",
        documents=["node-deny-secrets"],
        managed_policies=NODE_POLICIES,
        values={},
    )
    role_from_documents(
        stack,
        "FlowLogs",
        trust="trust-flow-logs",
        documents=["flow-logs"],
        values={"LogGroupArn": Aws.STACK_ID},
    )


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All roles in a stack that knows its account and region, and in one that does not."""
    app = new_app(tmp_path_factory.mktemp("roles"))
    all_roles(Stack(app, "Agnostic"))
    all_roles(Stack(app, "Concrete", env=Environment(account="111122223333", region="eu-central-1")))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return Path(app.synth().directory)


def report(assembly: Path) -> dict[str, Any]:
    plugins = json.loads((assembly / "validation-report.json").read_text())["pluginReports"]
    return {plugin["pluginName"]: plugin for plugin in plugins}


def test_cdk_nag_has_no_finding_left_on_any_role_in_either_environment(assembly: Path) -> None:
    reports = report(assembly)

    suppressed = reports["AwsSolutions"]["suppressedViolations"]
    paths = {violation["acknowledgedAt"].split("/")[0] for violation in suppressed}
    assert paths == {"Agnostic", "Concrete"}
    assert [violation["ruleName"] for plugin in reports.values() for violation in plugin["violations"]] == []


def test_no_acknowledgement_of_any_role_is_unused(assembly: Path) -> None:
    assert unused_acknowledgements(assembly) == []


def test_the_deployed_trust_policy_is_the_document(assembly: Path) -> None:
    template = json.loads((assembly / "Agnostic.template.json").read_text())
    trusts = {
        resource["Properties"].get("RoleName"): resource["Properties"]["AssumeRolePolicyDocument"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
    }

    (statement,) = trusts[f"{CLUSTER}-karpenter"]["Statement"]
    assert statement["Sid"] == "AssumedByOneServiceAccount"
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"},
        "aws:RequestTag/eks-cluster-arn": {
            "Fn::Join": [
                "",
                [
                    *("arn:", {"Ref": "AWS::Partition"}, ":eks:", {"Ref": "AWS::Region"}, ":"),
                    *({"Ref": "AWS::AccountId"}, f":cluster/{CLUSTER}"),
                ],
            ]
        },
        "aws:RequestTag/eks-cluster-name": CLUSTER,
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": "karpenter",
    }


def test_each_document_is_an_inline_policy_of_its_name_with_all_its_statements(assembly: Path) -> None:
    template = json.loads((assembly / "Concrete.template.json").read_text())
    (karpenter,) = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Properties"].get("RoleName") == f"{CLUSTER}-karpenter"
    ]

    deployed = {
        policy["PolicyName"]: [statement["Sid"] for statement in policy["PolicyDocument"]["Statement"]]
        for policy in karpenter["Policies"]
    }

    assert deployed == {
        name: [statement["Sid"] for statement in json.loads((POLICIES / f"{name}.json").read_text())["Statement"]]
        for name in ("karpenter", "karpenter-reserved-capacity")
    }


def test_a_policy_that_is_added_elsewhere_keeps_its_finding(tmp_path: Path) -> None:
    app = new_app(tmp_path)
    stack = Stack(app, "Stack")
    role = workload_role(stack, "efs-csi").role
    statement = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.CfnPolicy(stack, "Added", policy_name="added", policy_document=document, roles=[role.ref])
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))

    violations = report(Path(app.synth().directory))["AwsSolutions"]["violations"]

    assert [
        (violation["ruleName"], place["constructPath"])
        for violation in violations
        for place in violation["violatingConstructs"]
    ] == [("AwsSolutions-IAM5[Resource::*]", "Stack/Added")]


def test_a_value_that_neither_the_documents_nor_the_trust_policy_use_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"neither trust-ec2 nor any of \[\] uses the given \['VpcId'\]"):
        role_from_documents(Stack(), "Role", trust="trust-ec2", values={"VpcId": "vpc-1"})
