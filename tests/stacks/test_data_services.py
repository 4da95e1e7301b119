"""The data services: encrypted, reached over TLS, backed up and kept."""

from collections.abc import Callable
from typing import Any

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]

FILE_SYSTEM, DATABASE, BUCKET = "AWS::EFS::FileSystem", "AWS::RDS::DBInstance", "AWS::S3::Bucket"


def only(template: Template, resource_type: str) -> tuple[Any, Any]:
    """The one resource of a type and its properties."""
    [(logical_id, properties)] = template.of_type(resource_type)
    return template.resources[logical_id], properties


def statements(document: Any) -> dict[str, list[Any]]:
    by_effect: dict[str, list[Any]] = {"Allow": [], "Deny": []}
    for statement in document["Statement"]:
        by_effect[statement["Effect"]].append(statement)
    return by_effect


def test_the_file_system_is_encrypted_backed_up_and_kept(data: Template, data_key: Raw) -> None:
    resource, properties = only(data, FILE_SYSTEM)

    assert (properties["Encrypted"], properties["KmsKeyId"]) == (True, data_key)
    assert properties["BackupPolicy"] == {"Status": "ENABLED"}
    assert {"TransitionToIA": "AFTER_1_DAY"} in properties["LifecyclePolicies"]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_file_system_is_mounted_over_tls_by_the_node_drivers_role_only(data: Template) -> None:
    _, properties = only(data, FILE_SYSTEM)

    found = statements(properties["FileSystemPolicy"])
    [mount], [plaintext] = found["Allow"], found["Deny"]
    assert [flatten(arn) for arn in mount["Condition"]["ArnEquals"]["aws:PrincipalArn"]] == [
        "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/test-efs-node"
    ]
    assert mount["Condition"]["Bool"] == {"elasticfilesystem:AccessedViaMountTarget": "true"}
    assert not any("*" in action for action in mount["Action"])
    assert plaintext["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert plaintext["Action"] == "*"


def test_every_zone_has_a_mount_target(data: Template) -> None:
    targets = [target for _, target in data.of_type("AWS::EFS::MountTarget")]

    subnets = {target["SubnetId"]["Fn::GetStackOutput"]["OutputName"] for target in targets}
    assert len(targets) == len(subnets) == 3
    assert all("PrivateSubnet" in subnet for subnet in subnets)


def test_the_database_is_encrypted_private_and_leaves_a_snapshot(data: Template, data_key: Raw) -> None:
    resource, properties = only(data, DATABASE)

    assert (properties["StorageEncrypted"], properties["KmsKeyId"]) == (True, data_key)
    assert properties["PubliclyAccessible"] is False
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Snapshot"
    assert properties["DeleteAutomatedBackups"] is False
    assert properties["DeletionProtection"] is True


def test_rds_itself_holds_the_administrators_password(data: Template) -> None:
    _, properties = only(data, DATABASE)

    assert properties["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in properties


def test_the_database_refuses_connections_without_tls(data: Template) -> None:
    _, properties = only(data, DATABASE)

    parameters = data.referred_to(properties["DBParameterGroupName"])
    assert parameters is not None
    assert data.properties(parameters)["Parameters"] == {"rds.force_ssl": "1"}
    assert data.properties(parameters)["Family"] == "postgres17"


def test_the_database_is_what_the_configuration_says(data: Template) -> None:
    _, properties = only(data, DATABASE)

    expected = {
        "Engine": "postgres",
        "EngineVersion": "17.9",
        "DBInstanceClass": "db.m7g.large",
        "AllocatedStorage": "50",
        "MaxAllocatedStorage": 200,
        "StorageType": "gp3",
        "MultiAZ": True,
        "BackupRetentionPeriod": 14,
    }
    assert properties.items() >= expected.items()


def test_protection_off_lets_the_database_go(configuration: Raw, data_sections: Raw, templates: Templates) -> None:
    configuration["data"] = {"database": data_sections["database"]}

    template = templates(configuration)["Data"]

    assert only(template, DATABASE)[1]["DeletionProtection"] is False


def test_the_bucket_is_encrypted_versioned_closed_and_kept(data: Template, data_key: Raw) -> None:
    resource, properties = only(data, BUCKET)

    [rule] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": data_key}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert flatten(properties["BucketName"]) == "test-ml-<AWS::AccountId>"
    assert properties["LifecycleConfiguration"]["Rules"][0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_the_bucket_refuses_requests_without_tls_and_allows_nobody(data: Template) -> None:
    _, properties = only(data, "AWS::S3::BucketPolicy")

    found = statements(properties["PolicyDocument"])
    [plaintext] = found["Deny"]
    assert found["Allow"] == []
    assert (plaintext["Action"], plaintext["Principal"]) == ("s3:*", {"AWS": "*"})
    assert plaintext["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
