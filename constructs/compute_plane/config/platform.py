"""The platform whose control plane uses the plane's artifact bucket, image repositories and secrets."""

from typing import Annotated, Literal

from pydantic import Field

from compute_plane.config.model import Model

ExternalId = Annotated[str, Field(pattern=r"^[\w+=,.@:/-]+$", min_length=2, max_length=1224)]
"""IAM's own limits."""

SecretPrefix = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*/([A-Za-z0-9._-]+/)*$", max_length=512)]


class PlatformConfig(Model):
    """The role `<name>-platform-iam-role`, which the platform's control plane assumes; needs data.artifact_bucket."""

    principal: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/([\w+=,.@-]+/)*[\w+=,.@-]+$")] = Field(
        description="ARN of the control plane's role, the only principal that may assume ours."
    )
    external_id: ExternalId | None = Field(
        default=None, description="What the control plane must send; agreed with the platform, 2 characters or more."
    )
    no_external_id_reason: Annotated[str, Field(min_length=20, max_length=500)] | None = Field(
        default=None,
        description="Given instead of external_id, when the platform sends none: why that is accepted. It is the "
        "reason under which rule ComputePlane-IAM7 is acknowledged.",
    )
    s3_access: Literal["scoped", "vendor"] = Field(
        default="scoped",
        description="On the artifact bucket: list it, and read and write objects; or all of S3 (s3:*), as the vendor "
        "ships it, which includes the bucket's policy and its deletion.",
    )
    repository_prefix: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/-]*$", max_length=64)] = Field(
        default="tfy-",
        description="How the names of the ECR repositories begin that the platform may use. Every plane of the account "
        "and region with the same prefix can change and delete these repositories: give each its own, `tfy-<name>-`.",
    )
    secret_prefix: SecretPrefix = Field(
        default="tfy-secret/",
        description="How the names of the parameters begin, without the leading slash, that the platform may use as "
        "secrets. Every plane of the account and region with the same prefix can read, change and delete them: give "
        "each its own, `tfy-secret/<name>/`, where the platform can be told of it.",
    )
