"""EC2 types with a rule of their own: subnets that something still uses, versions of launch templates."""

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers.base import Made, Provider, Request
from rehearsal.cloudformation.providers.eks import Clusters
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource


class Subnets:
    """A subnet cannot go while load balancers, nodes or volumes of a deleted cluster are left in it."""

    def __init__(self, inner: Provider, clusters: Clusters) -> None:
        self._inner, self._clusters = inner, clusters

    def create(self, request: Request) -> Made:
        return self._inner.create(request)

    def update(self, request: Request, current: Resource) -> Made:
        return self._inner.update(request, current)

    def delete(self, request: Request, current: Resource) -> None:
        users = [one for one in self._clusters.leftovers if current.physical_id in one.subnets]
        if users:
            names = ", ".join(f"{one.kind} {one.namespace}/{one.name}".replace(" /", " ") for one in users)
            raise ResourceFailure(
                f"The subnet '{current.physical_id}' has dependencies and cannot be deleted. Left behind by "
                f"cluster {users[0].cluster}: {names} (HandlerErrorCode: InvalidRequest)"
            )
        self._inner.delete(request, current)


class LaunchTemplates:
    """Every change of a launch template is a new version; the default one stays the first."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def create(self, request: Request) -> Made:
        return self._identity.make(request)

    def update(self, request: Request, current: Resource) -> Made:
        latest = str(int(current.attributes["LatestVersionNumber"]) + 1)
        return Made(current.physical_id, {**current.attributes, "LatestVersionNumber": latest})

    def delete(self, request: Request, current: Resource) -> None:
        """Nothing outside the stack remembers it."""
