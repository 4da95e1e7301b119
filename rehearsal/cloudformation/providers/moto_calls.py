"""The API calls by which a type is made, changed and deleted in moto."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.cloudformation.providers.base import Made, Request
from rehearsal.cloudformation.resource import Resource

Clients = Callable[[str], Any]
Create = Callable[[Clients, Request, Made], Made]
Update = Callable[[Clients, Request, Resource], None]
Delete = Callable[[Clients, Resource], None]


@dataclass(frozen=True)
class Calls:
    """The API calls that stand behind one type."""

    create: Create
    delete: Delete
    update: Update | None = None
