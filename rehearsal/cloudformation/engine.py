"""What every stack operation needs, and how one runs in the background."""

import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.providers.base import Made, Providers, Request
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource
from rehearsal.cloudformation.stack import Stack
from rehearsal.cloudformation.store import Store


@dataclass(frozen=True)
class Engine:
    """The store and the providers."""

    store: Store
    providers: Providers
    identity: Identity

    def request(
        self, stack: Stack, logical_id: str, resource_type: str, properties: Mapping[str, Any], token: str = ""
    ) -> Request:
        """A request to a provider; a new resource gets a new token."""
        token = token or self.store.inventory.token(stack.name, logical_id)
        return Request(stack.id, stack.name, logical_id, resource_type, properties, token)

    def request_for(self, stack: Stack, resource: Resource, properties: Mapping[str, Any] | None = None) -> Request:
        """A request about an existing resource, with its own properties or with others."""
        wanted = resource.properties if properties is None else properties
        return self.request(stack, resource.logical_id, resource.type, wanted, resource.token)

    def create(self, request: Request) -> Made:
        """Make a resource under names that nothing else has."""
        inventory = self.store.inventory
        inventory.claim(self.identity.keys(request), request.token)
        try:
            return self.providers.of(request.type).create(request)
        except Exception:
            inventory.release(request.token)
            raise

    def start(self, stack: Stack, failed_status: str, work: Callable[[], None]) -> None:
        """Run an operation in a thread of its own; a defect of ours ends it in a status, not in silence."""

        def guarded() -> None:
            try:
                work()
            except Exception as error:
                traceback.print_exc(file=sys.stderr)
                stack.enter(failed_status, f"Internal failure of the rehearsal: {type(error).__name__}: {error}")

        threading.Thread(target=guarded, name=f"stack {stack.name}", daemon=True).start()
