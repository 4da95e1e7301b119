"""The attributes that other code parses, as patterns; the others get a value of the schema's type.

Fields are those of the physical ids, and `{id}` is the physical id. A value that is no text is used as it is.
"""

from typing import Any

RDS_SECRET = "arn:{partition}:secretsmanager:{region}:{account}:secret:rds!"

ATTRIBUTES: dict[str, dict[str, Any]] = {
    "AWS::Backup::BackupPlan": {
        "BackupPlanArn": "arn:{partition}:backup:{region}:{account}:backup-plan:{id}",
        "VersionId": "{hex32}",
    },
    "AWS::Backup::BackupVault": {"BackupVaultArn": "arn:{partition}:backup:{region}:{account}:backup-vault:{id}"},
    "AWS::EC2::EIP": {"AllocationId": "eipalloc-{hex17}", "PublicIp": "{id}"},
    "AWS::EC2::LaunchTemplate": {"LatestVersionNumber": "1", "DefaultVersionNumber": "1"},
    "AWS::EC2::NatGateway": {"EniId": "eni-{hex17}", "RouteTableId": "rtb-{hex17}"},
    "AWS::EC2::SecurityGroup": {"GroupId": "{id}", "Id": "{id}"},
    "AWS::ECR::Repository": {
        "Arn": "arn:{partition}:ecr:{region}:{account}:repository/{id}",
        "RepositoryUri": "{account}.dkr.ecr.{region}.{url_suffix}/{id}",
    },
    "AWS::EFS::AccessPoint": {"Arn": "arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}"},
    "AWS::EFS::FileSystem": {"Arn": "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}"},
    "AWS::EKS::AccessEntry": {
        "AccessEntryArn": "arn:{partition}:eks:{region}:{account}:access-entry/{ClusterName}/{uuid}"
    },
    "AWS::EKS::Addon": {"Arn": "arn:{partition}:eks:{region}:{account}:addon/{ClusterName}/{AddonName}/{uuid}"},
    "AWS::EKS::Nodegroup": {
        "Arn": "arn:{partition}:eks:{region}:{account}:nodegroup/{ClusterName}/{name}/{uuid}",
        "Id": "{id}",
        "NodegroupName": "{name}",
    },
    "AWS::EKS::PodIdentityAssociation": {"AssociationArn": "{id}", "AssociationId": "a-{hex17}"},
    "AWS::Events::Rule": {"Arn": "arn:{partition}:events:{region}:{account}:rule/{id}"},
    "AWS::IAM::InstanceProfile": {"Arn": "arn:{partition}:iam::{account}:instance-profile{Path}{id}"},
    "AWS::IAM::Role": {"Arn": "arn:{partition}:iam::{account}:role{Path}{id}", "RoleId": "AROA{HEX17}"},
    "AWS::KMS::Key": {"Arn": "arn:{partition}:kms:{region}:{account}:key/{id}", "KeyId": "{id}"},
    "AWS::Logs::LogGroup": {"Arn": "arn:{partition}:logs:{region}:{account}:log-group:{id}:*"},
    "AWS::RDS::DBCluster": {
        "DBClusterArn": "arn:{partition}:rds:{region}:{account}:cluster:{id}",
        "DBClusterResourceId": "cluster-{HEX26}",
        "Endpoint.Address": "{id}.cluster-{hex12}.{region}.rds.{url_suffix}",
        "Endpoint.Port": "5432",
        "MasterUserSecret.SecretArn": RDS_SECRET + "cluster-{uuid}-{hex6}",
        "ReadEndpoint.Address": "{id}.cluster-ro-{hex12}.{region}.rds.{url_suffix}",
    },
    "AWS::RDS::DBInstance": {
        "DBInstanceArn": "arn:{partition}:rds:{region}:{account}:db:{id}",
        "DbiResourceId": "db-{HEX26}",
        "Endpoint.Address": "{id}.{hex12}.{region}.rds.{url_suffix}",
        "Endpoint.HostedZoneId": "Z{HEX13}",
        "Endpoint.Port": "5432",
        "MasterUserSecret.SecretArn": RDS_SECRET + "db-{uuid}-{hex6}",
    },
    "AWS::S3::Bucket": {
        "Arn": "arn:{partition}:s3:::{id}",
        "DomainName": "{id}.s3.{url_suffix}",
        "DualStackDomainName": "{id}.s3.dualstack.{region}.{url_suffix}",
        "RegionalDomainName": "{id}.s3.{region}.{url_suffix}",
        "WebsiteURL": "http://{id}.s3-website-{region}.{url_suffix}",
    },
    "AWS::SNS::Topic": {"TopicName": "{name}"},
    "AWS::SQS::Queue": {
        "Arn": "arn:{partition}:sqs:{region}:{account}:{name}",
        "QueueName": "{name}",
        "QueueUrl": "{id}",
    },
    "AWS::SSM::Parameter": {"Arn": "arn:{partition}:ssm:{region}:{account}:parameter/{id}"},
    "AWS::StepFunctions::StateMachine": {"Name": "{name}"},
}
