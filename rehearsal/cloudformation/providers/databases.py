"""RDS: deletion protection, and the secret with the master user's password that RDS manages."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource

MASTER_SECRET = "MasterUserSecret.SecretArn"


class Databases:
    """AWS::RDS::DBInstance and AWS::RDS::DBCluster."""

    def __init__(self, identity: Identity, clients: Callable[[str], Any]) -> None:
        self._identity, self._clients = identity, clients

    def create(self, request: Request) -> Made:
        made = self._identity.make(request)
        attributes = dict(made.attributes)
        if "Port" in request.properties:
            attributes["Endpoint.Port"] = str(request.properties["Port"])
        if _is_true(request.properties.get("ManageMasterUserPassword")):
            attributes[MASTER_SECRET] = self._store_password(request, str(attributes[MASTER_SECRET]))
        else:
            attributes.pop(MASTER_SECRET, None)
        return Made(made.physical_id, attributes)

    def update(self, request: Request, current: Resource) -> Made:
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        if _is_true(current.properties.get("DeletionProtection")):
            kind = "Cluster" if current.type == "AWS::RDS::DBCluster" else "DB Instance"
            raise ResourceFailure(
                f"Cannot delete protected {kind}, please disable deletion protection and try again. "
                f"({current.physical_id})"
            )
        if MASTER_SECRET in current.attributes:
            arn = current.attributes[MASTER_SECRET]
            self._clients("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    def _store_password(self, request: Request, arn: str) -> str:
        name = arn.split(":secret:")[1].rsplit("-", 1)[0]
        password = json.dumps(
            {"username": request.properties.get("MasterUsername", "postgres"), "password": secrets.token_urlsafe(24)}
        )
        return str(self._clients("secretsmanager").create_secret(Name=name, SecretString=password)["ARN"])


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
