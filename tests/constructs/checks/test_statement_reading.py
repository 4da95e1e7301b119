"""Every place and every form in which a template can hold a policy."""

import json
from typing import Any

import pytest

from compute_plane.checks.statements import Statement, allowed, permissions_of, statements
from compute_plane.checks.template import Template

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
DOCUMENT = {"Version": "2012-10-17", "Statement": [ALLOW]}
FOR_ANYONE = {"Statement": {**ALLOW, "Principal": "*"}}
TRUST = {"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}
NO_VALUE = {"Ref": "AWS::NoValue"}


def template(resource_type: str, properties: dict[str, Any], **resources: Any) -> Template:
    return Template({"Resources": {"It": {"Type": resource_type, "Properties": properties}, **resources}})


def policy(document: Any, **resources: Any) -> Template:
    return template("AWS::IAM::ManagedPolicy", {"PolicyDocument": document}, **resources)


def read(template: Template) -> list[Statement]:
    return list(statements(template, "identity", "trust", "resource"))


@pytest.mark.parametrize(
    ("resource_type", "properties", "kind"),
    [
        ("AWS::IAM::User", {"Policies": [{"PolicyDocument": DOCUMENT}]}, "identity"),
        ("AWS::IAM::Policy", {"PolicyDocument": DOCUMENT}, "identity"),
        ("AWS::IAM::RolePolicy", {"PolicyDocument": DOCUMENT}, "identity"),
        ("AWS::IAM::GroupPolicy", {"PolicyDocument": DOCUMENT}, "identity"),
        ("AWS::SSO::PermissionSet", {"InlinePolicy": DOCUMENT}, "identity"),
        ("AWS::S3::BucketPolicy", {"PolicyDocument": FOR_ANYONE}, "resource"),
        ("AWS::S3::AccessPoint", {"Policy": FOR_ANYONE}, "resource"),
        ("AWS::SQS::QueueInlinePolicy", {"PolicyDocument": FOR_ANYONE}, "resource"),
        ("AWS::SNS::TopicInlinePolicy", {"PolicyDocument": FOR_ANYONE}, "resource"),
        ("AWS::KMS::ReplicaKey", {"KeyPolicy": FOR_ANYONE}, "resource"),
        ("AWS::EFS::FileSystem", {"FileSystemPolicy": FOR_ANYONE}, "resource"),
        ("AWS::SecretsManager::ResourcePolicy", {"ResourcePolicy": FOR_ANYONE}, "resource"),
        ("AWS::ECR::RegistryPolicy", {"PolicyText": FOR_ANYONE}, "resource"),
        ("AWS::ECR::RepositoryCreationTemplate", {"RepositoryPolicy": json.dumps(FOR_ANYONE)}, "resource"),
        ("AWS::Logs::ResourcePolicy", {"PolicyDocument": json.dumps(FOR_ANYONE)}, "resource"),
        ("AWS::EC2::VPCEndpoint", {"PolicyDocument": FOR_ANYONE}, "resource"),
        ("AWS::OpenSearchService::Domain", {"AccessPolicies": FOR_ANYONE}, "resource"),
        ("AWS::DynamoDB::Table", {"ResourcePolicy": {"PolicyDocument": FOR_ANYONE}}, "resource"),
        ("AWS::EKS::PodIdentityAssociation", {"Policy": json.dumps(DOCUMENT)}, "identity"),
        ("Custom::Anything", {"Nested": [{"Policy": FOR_ANYONE}]}, "resource"),
        ("Custom::Anything", {"Text": {"Fn::Join": ["", [json.dumps(DOCUMENT)]]}}, "identity"),
        ("Custom::Anything", {"Text": {"Fn::Sub": json.dumps(FOR_ANYONE)}}, "resource"),
    ],
)
def test_policies_are_read_wherever_they_stand(resource_type: str, properties: dict[str, Any], kind: str) -> None:
    [statement] = read(template(resource_type, properties))

    assert (statement.kind, statement.actions) == (kind, ["s3:GetObject"])


def test_what_only_looks_like_a_policy_is_none() -> None:
    protection = {"Statement": [{"Operation": {"Deidentify": {}}}]}
    code = 'def handler(event):\n    return {\'Statement\': 1, "Effect": 2, "Statement": 3}'

    assert read(template("AWS::Logs::LogGroup", {"DataProtectionPolicy": protection})) == []
    assert read(template("AWS::Lambda::Function", {"Code": {"ZipFile": code}})) == []


def test_a_permission_of_a_function_is_a_statement_of_its_policy() -> None:
    given = {"Action": "lambda:InvokeFunction", "FunctionName": "f"}

    [service] = read(
        template("AWS::Lambda::Permission", {**given, "Principal": "events.amazonaws.com", "SourceArn": "arn:rule"})
    )
    [anyone] = read(template("AWS::Lambda::Permission", {**given, "Principal": "*", "PrincipalOrgID": "o-1"}))

    assert (service.principals, service.resources) == ([("Service", "events.amazonaws.com")], ["f"])
    assert service.condition("ArnLike", "aws:SourceArn") == ["arn:rule"]
    assert anyone.principals == [("AWS", "*")]
    assert anyone.condition("StringEquals", "aws:principalorgid") == ["o-1"]


def test_text_with_references_keeps_their_names_in_keys_and_gets_the_values_of_whole_strings() -> None:
    text = json.dumps(
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": "${ProviderArn}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"${OidcIssuer}:sub": "system:serviceaccount:a:b"}},
            }
        }
    )
    provider = {"Fn::GetStackOutput": {"OutputName": "Provider"}}

    [statement] = read(
        template("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Fn::Sub": [text, {"ProviderArn": provider}]}})
    )

    assert statement.kind == "trust"
    assert statement.body["Principal"] == {"Federated": provider}
    assert statement.condition("StringEquals", "<OidcIssuer>:sub") == ["system:serviceaccount:a:b"]


def test_conditions_in_cdks_json_resource_are_followed() -> None:
    issuer = {"Fn::Select": [1, {"Fn::Split": [":oidc-provider/", {"Ref": "Provider"}]}]}
    text = {"Fn::Join": ["", ['{"', issuer, ':aud":"sts.amazonaws.com"}']]}
    claims = {"Type": "Custom::AWSCDKCfnJson", "Properties": {"Value": text}}
    condition = {"StringEquals": {"Fn::GetAtt": ["Claims", "Value"]}}

    [statement] = read(policy({"Statement": {**ALLOW, "Condition": condition}}, Claims=claims))

    [(key, value)] = statement.body["Condition"]["StringEquals"].items()
    assert (key.endswith(":aud"), value) == (True, "sts.amazonaws.com")


def test_both_branches_of_a_choice_are_read() -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    chosen = {**ALLOW, "Condition": {"Fn::If": ["Narrow", condition, NO_VALUE]}}

    found = read(policy({"Statement": [chosen, {"Fn::If": ["More", {**ALLOW, "Action": "s3:PutObject"}, NO_VALUE]}]}))

    assert [(each.actions, "Condition" in each.body) for each in found] == [
        (["s3:GetObject"], True),
        (["s3:PutObject"], False),
        (["s3:GetObject"], False),
    ]


def test_a_document_that_may_be_absent_is_read() -> None:
    found = read(template("AWS::S3::BucketPolicy", {"PolicyDocument": {"Fn::If": ["Open", FOR_ANYONE, NO_VALUE]}}))

    assert [each.principals for each in found] == [[("AWS", "*")]]


def test_a_denial_that_depends_on_a_condition_protects_nothing() -> None:
    always, sometimes = {"Statement": [DENY]}, {"Statement": [{"Fn::If": ["Strict", DENY, NO_VALUE]}, ALLOW]}

    assert [each.allows for each in read(policy(always))] == [False]
    assert [each.allows for each in read(policy(sometimes))] == [True]


@pytest.mark.parametrize(
    "document",
    [
        {"Ref": "Parameter"},
        {"Statement": {"Fn::GetAtt": ["Other", "Statements"]}},
        {"Statement": [{**ALLOW, "Effect": {"Ref": "Effect"}}]},
        {"Statement": [{**ALLOW, "Condition": {"Ref": "Condition"}}]},
        {"Statement": [{**ALLOW, "Condition": {"StringEquals": {"Fn::GetAtt": ["Unknown", "Value"]}}}]},
        {"Statement": []},
        {"Statement": [{"Effect": "Allow", "action": "ec2:*", "Resource": "*"}]},
        '{"Statement": [',
        {"Fn::If": ["Wide", DOCUMENT, {"Ref": "Parameter"}]},
        {"Statement": [{"Fn::If": [f"Condition{number}", ALLOW, DENY]} for number in range(7)]},
        None,
    ],
)
def test_what_nobody_can_read_breaks_the_rules_instead_of_passing(document: Any) -> None:
    with pytest.raises(ValueError, match="It: (the rules cannot read|a policy)"):
        read(policy(document))


def test_a_role_holds_what_is_attached_from_either_side() -> None:
    role = {"AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [{"Ref": "Named"}]}
    attached = {"PolicyDocument": {"Statement": {**ALLOW, "Action": "s3:PutObject"}}, "Roles": [{"Ref": "It"}]}
    both = template(
        "AWS::IAM::Role",
        role,
        Named={"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": DOCUMENT}},
        Attached={"Type": "AWS::IAM::ManagedPolicy", "Properties": attached},
        Stranger={"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": DOCUMENT}},
    )

    assert [each.logical_id for each in permissions_of(both, "It")] == ["Named", "Attached"]
    assert len(list(allowed(both, "identity"))) == 3


def test_not_action_may_do_all_but_what_it_names() -> None:
    [statement] = read(policy({"Statement": {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:x"}}))

    assert (statement.may("ec2:RunInstances"), statement.may("iam:PassRole")) == (True, False)
    assert statement.targets == [("NotResource", "*")]
