"""Trust documents: those that CloudFormation completes are text, and everything else is literal."""

import json

import pytest
from aws_cdk import Aws, Stack

from compute_plane.iam.placeholders import DocumentError
from compute_plane.iam.role import WorkloadRole
from compute_plane.iam.trust import IRSA, POD_IDENTITY, trust_document

ACCOUNT = {"Namespace": "kube-system", "ServiceAccount": "reader"}


def test_an_issuer_makes_the_document_text_that_cloudformation_completes() -> None:
    stack = Stack()

    resolved = stack.resolve(trust_document(IRSA, {**ACCOUNT, "OidcIssuer": Aws.STACK_NAME}))

    text, variables = resolved["Fn::Sub"]
    [statement] = json.loads(text)["Statement"]
    assert variables == {"OidcIssuer": {"Ref": "AWS::StackName"}}
    assert statement["Principal"]["Federated"] == (
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/${OidcIssuer}"
    )
    assert statement["Condition"]["StringEquals"] == {
        "${OidcIssuer}:aud": "sts.amazonaws.com",
        "${OidcIssuer}:sub": "system:serviceaccount:kube-system:reader",
    }


def test_a_document_without_an_issuer_stays_a_document() -> None:
    document = trust_document(POD_IDENTITY, {**ACCOUNT, "ClusterName": "test"})

    assert document["Statement"][0]["Principal"] == {"Service": "pods.eks.amazonaws.com"}


def test_a_value_that_is_known_at_deployment_only_cannot_become_text() -> None:
    values = {**ACCOUNT, "Namespace": Aws.STACK_NAME, "OidcIssuer": "oidc.example"}

    with pytest.raises(DocumentError, match=r"trust-irsa\.json: every value but \$\{OidcIssuer\} must be literal"):
        trust_document(IRSA, values)


@pytest.mark.parametrize("issuer", [None, "oidc.example/id/1"])
@pytest.mark.parametrize(
    ("document", "values"), [("flow-logs", {"LogGroupArn": "a"}), ("efs-csi", {"FileSystemId": "b"})]
)
def test_either_identity_takes_documents_that_name_the_cluster_and_those_that_do_not(
    document: str, values: dict[str, str], issuer: str | None
) -> None:
    role = WorkloadRole(
        Stack(),
        "Workload",
        role_name="test-reader",
        documents=[document],
        values=values,
        cluster_name="test",
        namespace="kube-system",
        service_account="reader",
        oidc_issuer=issuer,
    )

    assert role.trusts_issuer == (issuer is not None)
    assert role.role.role_name == "test-reader"
