"""The keys with which the principals of a rehearsal sign: each principal's access key follows from its ARN."""

import base64
import hashlib

SECRET_KEY = "rehearsal"


def access_key(principal_arn: str) -> str:
    """The access key of a role or user, in the form of a role's temporary ones."""
    digest = hashlib.sha256(principal_arn.encode()).digest()
    return f"ASIA{base64.b32encode(digest).decode()[:16]}"


def session_name(principal_arn: str) -> str:
    """A principal as Kubernetes names it: a role by its session, a user by its ARN, as EKS does."""
    head, marker, path = principal_arn.partition(":role/")
    if not marker:
        return principal_arn
    return f"{head.replace(':iam:', ':sts:')}:assumed-role/{path.rpartition('/')[2]}/rehearsal"
