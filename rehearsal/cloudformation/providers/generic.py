"""Any type of the registry: it exists as soon as it is named, and remembers its properties."""

from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource


class Generic:
    """A resource that nothing in the rehearsal calls, so that its identifiers are all of it."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def create(self, request: Request) -> Made:
        return self.identity.make(request)

    def update(self, request: Request, current: Resource) -> Made:
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: Resource) -> None:
        """Nothing outside the stack remembers it."""
