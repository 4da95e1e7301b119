"""The two ways CloudFormation says no: it refuses a call, or a resource fails while a stack is at work."""


class ValidationError(Exception):
    """A call is refused before anything changes."""

    def __init__(self, message: str, code: str = "ValidationError") -> None:
        super().__init__(message)
        self.code = code


class ResourceFailure(Exception):
    """A resource could not be created, changed or deleted.

    `physical_id` is set when something may exist all the same, so that rollback deletes it.
    """

    def __init__(self, message: str, physical_id: str | None = None) -> None:
        super().__init__(message)
        self.physical_id = physical_id


class StackRefusal(Exception):
    """A stack operation stops for a reason that belongs to no single resource."""
