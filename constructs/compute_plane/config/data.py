"""Data services. Each is made only when its section is there, and none is deleted with the plane."""

from typing import Annotated, Literal

from pydantic import Field

from compute_plane.config.kubernetes_types import Name
from compute_plane.config.model import Model


class FileSystemConfig(Model):
    """An encrypted EFS file system with a mount target in every zone."""

    throughput_mode: Literal["bursting", "elastic"] = Field(default="elastic")
    infrequent_access_after_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] = Field(
        default=30, description="Files not read for that long move to the cheaper storage class."
    )


class DatabaseConfig(Model):
    """An RDS PostgreSQL instance."""

    engine_version: Annotated[str, Field(pattern=r"^1[4-9]\.\d+$")] = Field(
        description='PostgreSQL version with its minor, in quotes: "17.9".'
    )
    instance_class: Annotated[str, Field(pattern=r"^db\.[a-z0-9]+\.[a-z0-9]+$")] = Field(
        description="For example db.t4g.medium."
    )
    storage_gib: int = Field(default=20, ge=20, le=65536, description="gp3 storage at the start.")
    max_storage_gib: int = Field(default=100, ge=21, le=65536, description="Where storage autoscaling stops.")
    multi_az: bool = Field(description="A standby in a second zone.")
    backup_retention_days: int = Field(default=7, ge=1, le=35, description="Automated backups.")


class ArtifactBucketConfig(Model):
    """The S3 bucket for models and artifacts."""

    noncurrent_version_days: int = Field(
        default=90, ge=1, description="How long a replaced or deleted object can be brought back."
    )


class DataReaderConfig(Model):
    """A role that reads buckets which are not the plane's: document 004's data access layer."""

    namespace: Name = Field(description="Namespace of the one service account that gets the role.")
    service_account: Name = Field(description="Its name.")
    additional_data_buckets: list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]] = Field(
        min_length=1, description="Buckets it may list and read. Their owners have to let it in: see the outputs."
    )
    key_arns: list[Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+$")]] = Field(
        default=[], description="KMS keys that encrypt these buckets; their key policies have to let the role in too."
    )


class DataConfig(Model):
    """Which data services the plane has."""

    file_system: FileSystemConfig | None = Field(default=None)
    database: DatabaseConfig | None = Field(default=None)
    artifact_bucket: ArtifactBucketConfig | None = Field(default=None)
    reader: DataReaderConfig | None = Field(default=None)
