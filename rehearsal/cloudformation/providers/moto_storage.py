"""Buckets, parameters and secrets in moto: assets are uploaded to them, handlers read them."""

import json
import secrets
import string
from typing import Any

from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.moto_calls import Calls, Clients
from rehearsal.cloudformation.resource import Resource


def _create_bucket(clients: Clients, request: Request, made: Made) -> Made:
    client = clients("s3")
    region = client.meta.region_name
    location = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=made.physical_id, **location)
    return made


def _delete_bucket(clients: Clients, current: Resource) -> None:
    clients("s3").delete_bucket(Bucket=current.physical_id)


def _put_parameter(clients: Clients, name: str, request: Request, *, overwrite: bool) -> None:
    properties = request.properties
    clients("ssm").put_parameter(
        Name=name, Value=str(properties["Value"]), Type=str(properties["Type"]), Overwrite=overwrite
    )


def _create_parameter(clients: Clients, request: Request, made: Made) -> Made:
    _put_parameter(clients, made.physical_id, request, overwrite=False)
    arn = made.attributes["Arn"].replace("parameter//", "parameter/")
    return Made(made.physical_id, {**made.attributes, "Arn": arn})


def _update_parameter(clients: Clients, request: Request, current: Resource) -> None:
    _put_parameter(clients, current.physical_id, request, overwrite=True)


def _delete_parameter(clients: Clients, current: Resource) -> None:
    clients("ssm").delete_parameter(Name=current.physical_id)


def _create_secret(clients: Clients, request: Request, made: Made) -> Made:
    name = made.physical_id.split(":secret:")[1].rsplit("-", 1)[0]
    created = clients("secretsmanager").create_secret(Name=name, SecretString=_secret_text(request))
    return Made(created["ARN"], {**made.attributes, "Id": created["ARN"]})


def _update_secret(clients: Clients, request: Request, current: Resource) -> None:
    if "SecretString" in request.properties:
        secret = request.properties["SecretString"]
        clients("secretsmanager").put_secret_value(SecretId=current.physical_id, SecretString=secret)


def _delete_secret(clients: Clients, current: Resource) -> None:
    clients("secretsmanager").delete_secret(SecretId=current.physical_id, ForceDeleteWithoutRecovery=True)


def _secret_text(request: Request) -> str:
    if "SecretString" in request.properties:
        return str(request.properties["SecretString"])
    rule: dict[str, Any] = dict(request.properties.get("GenerateSecretString") or {})
    excluded = set(str(rule.get("ExcludeCharacters", "")))
    letters = string.ascii_letters + string.digits
    if not rule.get("ExcludePunctuation"):
        letters += string.punctuation
    allowed = [letter for letter in letters if letter not in excluded]
    password = "".join(secrets.choice(allowed) for _ in range(int(rule.get("PasswordLength", 32))))
    if "GenerateStringKey" not in rule:
        return password
    return json.dumps({**json.loads(rule.get("SecretStringTemplate", "{}")), rule["GenerateStringKey"]: password})


CALLS: dict[str, Calls] = {
    "AWS::S3::Bucket": Calls(_create_bucket, _delete_bucket),
    "AWS::SSM::Parameter": Calls(_create_parameter, _delete_parameter, _update_parameter),
    "AWS::SecretsManager::Secret": Calls(_create_secret, _delete_secret, _update_secret),
}
