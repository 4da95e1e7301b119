"""Lets one service account read buckets that are not the plane's: document 004."""

import json

from constructs import Construct

from compute_plane.addons.base import Plane
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.config.data import DataReaderConfig
from compute_plane.iam.documents import load

BUCKET_POLICY = "data-reader-bucket"


class DataReader(Construct):
    """The role of document 004's data access layer, and the bucket policies that let it in.

    S3 takes a policy that names no other bucket than its own, so there is one for each.
    """

    def __init__(self, scope: Construct, id: str, *, plane: Plane, config: DataReaderConfig) -> None:
        super().__init__(scope, id)
        values: dict[str, str | list[str]] = {"DataBuckets": config.additional_data_buckets}
        if config.key_arns:
            values["DataKeyArns"] = config.key_arns
        role_arn = WorkloadIdentity(
            self,
            "Identity",
            plane=plane,
            role_name=plane.names.data_reader_role,
            documents=["data-reader", *(["kms"] if config.key_arns else [])],
            values=values,
            namespace=config.namespace,
            service_account=config.service_account,
        ).role_arn
        self.outputs = {"DataReaderRoleArn": role_arn}
        """What the owners of the buckets need, by name; a policy is ready to paste."""
        for index, bucket in enumerate(config.additional_data_buckets, start=1):
            policy = load(BUCKET_POLICY, values={"DataBucketName": bucket, "DataReaderRoleArn": role_arn})
            self.outputs[f"DataReaderBucketPolicy{index}"] = json.dumps(policy)
