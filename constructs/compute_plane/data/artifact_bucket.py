"""The S3 bucket for models and artifacts."""

from typing import cast

from aws_cdk import Acknowledgment, Aws, Duration, RemovalPolicy, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from compute_plane.config.data import ArtifactBucketConfig
from compute_plane.names import Names


class ArtifactBucket(Construct):
    """Encrypted, versioned, TLS only, never public, retained: document 000's `-ml` bucket."""

    def __init__(self, scope: Construct, id: str, *, names: Names, config: ArtifactBucketConfig, key: kms.Key) -> None:
        super().__init__(scope, id)
        bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=names.artifact_bucket(Aws.ACCOUNT_ID),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=cast(kms.IKey, key),
            bucket_key_enabled=True,
            enforce_ssl=True,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=Duration.days(config.noncurrent_version_days),
                )
            ],
        )
        self.bucket_name = bucket.bucket_name
        self.bucket_arn = bucket.bucket_arn
        Validations.of(bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-S1",
                reason="Access logs belong in an account's central log bucket, which the plane does not own; "
                "object access is recorded by the account's CloudTrail data events.",
            )
        )
