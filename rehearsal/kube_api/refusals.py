"""Objects that the rehearsed cluster refuses on purpose, as an admission webhook would."""

from rehearsal.kube_api.errors import forbidden


class Refusals:
    """A list of objects whose creation or change is denied with a given message."""

    def __init__(self) -> None:
        self._messages: dict[tuple[str, str], str] = {}

    def add(self, *, kind: str, name: str, message: str) -> None:
        """Deny the object from now on; a second message for the same object replaces the first."""
        self._messages[kind, name] = message

    def clear(self) -> None:
        self._messages.clear()

    def check(self, kind: str, name: str) -> None:
        """Raise the refusal registered for this object, if there is one."""
        message = self._messages.get((kind, name))
        if message is not None:
            raise forbidden(message)
