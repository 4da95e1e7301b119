"""IAM10 for web identities, firing and staying silent."""

import json
from typing import Any

import pytest

from compute_plane.checks.facts import PlaneFacts
from compute_plane.checks.rule import Finding
from compute_plane.checks.service_accounts import one_service_account
from compute_plane.checks.template import Template

OURS = PlaneFacts(account="111122223333", cluster_name="cp", region="eu-west-1")
SUBJECT = "system:serviceaccount:kube-system:karpenter"
CLUSTER = {"Type": "AWS::EKS::Cluster", "Properties": {}}
URL = {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}
GITHUB = "token.actions.githubusercontent.com"
IN_THIS_ACCOUNT = "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/${Issuer}"
SHOWN = "arn:<AWS::Partition>:iam::<AWS::AccountId>:oidc-provider/<Issuer>"


def trust(*statements: dict[str, Any], **resources: Any) -> Template:
    properties = {"AssumeRolePolicyDocument": {"Statement": list(statements)}}
    here = {"Cluster": CLUSTER, **resources}
    return Template({"Resources": {"It": {"Type": "AWS::IAM::Role", "Properties": properties}, **here}}, OURS)


def allow(principal: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}


def details(findings: Any) -> list[str]:
    found = list(findings)
    assert all(finding == Finding("It", finding.detail) for finding in found)
    return [finding.detail for finding in found]


def web_identity(
    tests: dict[str, Any], provider: Any = None, action: str = "sts:AssumeRoleWithWebIdentity", issuer: Any = None
) -> Template:
    """A trust policy that is text with a variable, because no key of a map may be a reference."""
    statement = allow({"Federated": provider or IN_THIS_ACCOUNT}, action, **tests)
    document = json.dumps({"Statement": [statement]})
    value = issuer or {"Fn::Select": [1, {"Fn::Split": ["//", {"Fn::Sub": ["${Url}", {"Url": URL}]}]}]}
    role = {"AssumeRolePolicyDocument": {"Fn::Sub": [document, {"Issuer": value}]}}
    resources = {"It": {"Type": "AWS::IAM::Role", "Properties": role}, "Cluster": CLUSTER}
    return Template({"Resources": resources}, OURS)


def claims(issuer: str = "${Issuer}", **values: Any) -> dict[str, Any]:
    return {"StringEquals": {f"{issuer}:{claim}": value for claim, value in values.items()}}


RIGHT = claims(aud="sts.amazonaws.com", sub=SUBJECT)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (RIGHT, []),
        (claims(sub=SUBJECT), ["Audience::missing"]),
        (claims(aud="sts.amazonaws.com"), ["Subject::missing"]),
        (
            {**claims(aud="sts.amazonaws.com"), "StringLike": claims(sub=SUBJECT)["StringEquals"]},
            ["Subject::missing"],
        ),
        (
            claims(aud="sts.amazonaws.com", sub="system:serviceaccount:*:karpenter"),
            ["Subject::system:serviceaccount:*:karpenter"],
        ),
        (
            claims(aud="sts.amazonaws.com", sub=[SUBJECT, "system:serviceaccount:a:b"]),
            [f"Subject::{SUBJECT},system:serviceaccount:a:b"],
        ),
        ({}, ["Audience::missing", "Subject::missing"]),
        (claims("another", aud="sts.amazonaws.com", sub=SUBJECT), ["Audience::missing", "Subject::missing"]),
    ],
)
def test_iam10_wants_audience_and_subject_of_the_same_issuer(tests: dict[str, Any], expected: list[str]) -> None:
    assert details(one_service_account(web_identity(tests))) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (web_identity(RIGHT, issuer={"Fn::ImportValue": "Issuer"}), []),
        (web_identity(RIGHT, issuer=GITHUB), [f"Provider::{SHOWN}"]),
        (web_identity(RIGHT, issuer={"Ref": "Given"}), [f"Provider::{SHOWN}"]),
        (
            web_identity(RIGHT, IN_THIS_ACCOUNT.replace("${AWS::AccountId}", "999999999999")),
            [f"Provider::{SHOWN}".replace("<AWS::AccountId>", "999999999999")],
        ),
        (
            web_identity(
                claims(GITHUB, aud="sts.amazonaws.com", sub=SUBJECT),
                f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}",
            ),
            [f"Provider::arn:aws:iam::111122223333:oidc-provider/{GITHUB}"],
        ),
        (
            web_identity({}, "arn:aws:iam::111122223333:saml-provider/x", "sts:AssumeRoleWithSAML"),
            [
                "Provider::arn:aws:iam::111122223333:saml-provider/x",
                "Action::sts:AssumeRoleWithSAML",
                "Audience::missing",
                "Subject::missing",
            ],
        ),
    ],
)
def test_iam10_trusts_the_issuer_of_this_cluster_only(template: Template, expected: list[str]) -> None:
    assert details(one_service_account(template)) == expected


@pytest.mark.parametrize(
    ("subject", "url", "expected"),
    [
        (SUBJECT, URL, []),
        (SUBJECT, f"https://{GITHUB}", ["Provider::<Provider>"]),
        ("system:serviceaccount:a:*", URL, ["Subject::system:serviceaccount:a:*"]),
    ],
)
def test_iam10_follows_the_claims_into_cdks_json_resource(subject: str, url: Any, expected: list[str]) -> None:
    issuer = {"Fn::Select": [1, {"Fn::Split": [":oidc-provider/", {"Ref": "Provider"}]}]}
    text = {"Fn::Join": ["", ['{"', issuer, ':aud":"sts.amazonaws.com","', issuer, f':sub":"{subject}"}}']]}
    json_resource = {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": text}}
    provider = {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": url}}
    statement = allow(
        {"Federated": {"Ref": "Provider"}},
        "sts:AssumeRoleWithWebIdentity",
        StringEquals={"Fn::GetAtt": ["Claims", "Value"]},
    )

    template = trust(statement, Claims=json_resource, Provider=provider)

    assert details(one_service_account(template)) == expected
