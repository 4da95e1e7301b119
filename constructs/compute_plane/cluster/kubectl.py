"""The functions by which CDK applies charts and manifests: their kubectl layer, and what an auditor asks about them."""

from importlib import import_module
from itertools import chain
from typing import cast

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from compute_plane.iam.flatten import flatten
from compute_plane.kubernetes_releases import releases


def kubectl_layer(scope: Construct, id: str, *, version: str) -> lambda_.ILayerVersion:
    """The layer with kubectl and Helm for a Kubernetes version; loaded only now, because each costs import time.

    Raises ModuleNotFoundError, naming the package, when requirements.txt lacks it.
    """
    name = releases()[version].kubectl_layer
    assert name is not None, f"the configuration accepted Kubernetes {version}, which has no kubectl layer"
    try:
        module = import_module(f"aws_cdk.lambda_layer_kubectl_{name}")
    except ModuleNotFoundError:
        package = f"aws-cdk.lambda-layer-kubectl-{name}"
        raise ModuleNotFoundError(
            f"Kubernetes {version} needs the package {package}: pip install -r requirements.txt"
        ) from None
    return cast(lambda_.ILayerVersion, getattr(module, f"Kubectl{name.upper()}Layer")(scope, id))


def acknowledge_kubectl_provider(cluster: eks.Cluster) -> None:
    """Answers for what CDK makes by itself; a part that CDK renames is an error here, so nothing goes unseen."""
    provider = _find(cluster, "KubectlProvider")
    handler = _find(provider, "Handler")
    framework = _find(provider, "Provider", "framework-onEvent")
    roles = [cast(iam.CfnRole, _find(function, "ServiceRole").node.default_child) for function in (handler, framework)]
    function, *policies = Stack.of(provider).resolve(
        [cast(lambda_.IFunction, handler).function_arn, *(role.managed_policy_arns for role in roles)]
    )
    reasons = {
        f"AwsSolutions-IAM4[Policy::{flatten(policy)}]": "CDK gives its kubectl functions these policies: their own "
        "logs, their network interfaces in the VPC of a private API endpoint, and read access to charts in ECR."
        for policy in chain(*policies)
    }
    reasons["AwsSolutions-L1"] = "CDK tests its kubectl function on the runtime that it pins; it is upgraded with CDK."
    reasons[f"AwsSolutions-IAM5[Resource::{flatten(function)}:*]"] = (
        "Versions and aliases of the one kubectl function that CDK's provider framework calls."
    )
    Validations.of(provider).acknowledge(
        *(Acknowledgment(id=f"AwsSolutions::{finding}", reason=reason) for finding, reason in reasons.items())
    )


def _find(construct: IConstruct, *path: str) -> IConstruct:
    for id in path:
        construct = construct.node.find_child(id)
    return construct
