"""Types that handlers and the command line also reach through the service's own API, so moto keeps them too."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers import moto_network, moto_storage
from rehearsal.cloudformation.providers.base import Made, Provider, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.providers.moto_calls import Calls, Clients
from rehearsal.cloudformation.resource import Resource


class InMoto:
    """Makes the resource in moto and keeps the identifiers that moto gave it."""

    def __init__(self, identity: Identity, clients: Clients, calls: Calls) -> None:
        self._identity, self._clients, self._calls = identity, clients, calls

    def create(self, request: Request) -> Made:
        try:
            return self._calls.create(self._clients, request, self._identity.make(request))
        except ClientError as error:
            raise failure(error) from error

    def update(self, request: Request, current: Resource) -> Made:
        try:
            if self._calls.update:
                self._calls.update(self._clients, request, current)
        except ClientError as error:
            raise failure(error) from error
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        try:
            self._calls.delete(self._clients, current)
        except ClientError as error:
            if not gone(error):
                raise failure(error) from error


def failure(error: ClientError) -> ResourceFailure:
    """A service's refusal, worded as CloudFormation passes it on."""
    response: Mapping[str, Any] = error.response
    details = response.get("Error", {})
    return ResourceFailure(
        f'Resource handler returned message: "{details.get("Message", error)}" '
        f"(HandlerErrorCode: {details.get('Code', 'GeneralServiceException')})"
    )


def gone(error: ClientError) -> bool:
    """Whether a deletion failed because there is nothing to delete: CloudFormation takes that for success."""
    response: Mapping[str, Any] = error.response
    code = str(response.get("Error", {}).get("Code", ""))
    return code.startswith("NoSuch") or "NotFound" in code


def providers(identity: Identity, clients: Clients) -> dict[str, Provider]:
    """The providers of all types that moto keeps."""
    calls = {**moto_storage.CALLS, **moto_network.CALLS}
    return {resource_type: InMoto(identity, clients, one) for resource_type, one in calls.items()}
