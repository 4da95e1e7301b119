"""Lets the platform's control plane use the artifact bucket, image repositories and secrets: document 000."""

from aws_cdk import Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from compute_plane.config.platform import PlatformConfig
from compute_plane.data.artifact_bucket import ArtifactBucket
from compute_plane.iam.acknowledgements import acknowledge_rules, acknowledgement
from compute_plane.iam.role import role_from_documents
from compute_plane.names import Names

WITHOUT_EXTERNAL_ID = "trust-platform-without-external-id"
S3_ACCESS = {"scoped": "s3", "vendor": "s3-vendor"}


class PlatformRole(Construct):
    """Document 000's `<cluster>-platform-iam-role`: ECR, S3 and SSM, each below one prefix."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        config: PlatformConfig,
        bucket: ArtifactBucket,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, id)
        documents = ["platform", S3_ACCESS[config.s3_access]]
        values = {
            "BucketArn": bucket.bucket_arn,
            "BucketKeyArn": key.key_arn,
            "PlatformPrincipalArn": config.principal,
            "RepositoryPrefix": config.repository_prefix,
            "SecretPrefix": config.secret_prefix,
        }
        if config.external_id:
            values["ExternalId"] = config.external_id
        role = role_from_documents(
            self,
            "Role",
            role_name=names.platform_role,
            trust="trust-platform" if config.external_id else WITHOUT_EXTERNAL_ID,
            documents=documents,
            values=values,
        )
        self.role_arn = role.attr_arn
        acknowledgements = acknowledge_rules(role, [f"platform-{option}" for option in documents[1:]], values)
        if config.no_external_id_reason:
            missing = f"Missing::sts:ExternalId::{config.principal}"
            reason = f"The operator accepts it: {config.no_external_id_reason}"
            acknowledgements.append(acknowledgement("IAM7", missing, reason=reason))
        if acknowledgements:
            Validations.of(role).acknowledge(*acknowledgements)
