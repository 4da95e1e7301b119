"""What the API server answers when it refuses: HTTP code, reason and the words kubectl and helm print."""

from typing import Any


class ApiError(Exception):
    """A refusal that becomes a `Status` object on the wire."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.details = details or {}

    def status(self) -> dict[str, Any]:
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": str(self),
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def forbidden(message: str) -> ApiError:
    return ApiError(403, "Forbidden", message)


def no_such_path() -> ApiError:
    return ApiError(404, "NotFound", "the server could not find the requested resource")


def not_found(qualified_plural: str, name: str) -> ApiError:
    return ApiError(404, "NotFound", f'{qualified_plural} "{name}" not found')


def already_exists(qualified_plural: str, name: str) -> ApiError:
    return ApiError(409, "AlreadyExists", f'{qualified_plural} "{name}" already exists')


def conflict(message: str) -> ApiError:
    return ApiError(409, "Conflict", message)


def expired(resource_version: int) -> ApiError:
    return ApiError(410, "Expired", f"too old resource version: {resource_version}")


def unsupported_media_type(message: str) -> ApiError:
    return ApiError(415, "UnsupportedMediaType", message)


def invalid(qualified_kind: str, name: str, problems: list[str]) -> ApiError:
    """The aggregate of every problem of one object, worded as Kubernetes words field errors."""
    listed = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
    kind, _, group = qualified_kind.partition(".")
    causes: list[dict[str, str]] = []
    for problem in problems:
        field, _, message = problem.partition(": ")
        causes.append({"reason": "FieldValueInvalid", "field": field, "message": message})
    details = {"name": name, "group": group, "kind": kind, "causes": causes}
    return ApiError(422, "Invalid", f'{qualified_kind} "{name}" is invalid: {listed}', details)
