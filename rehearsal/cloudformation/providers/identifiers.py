"""The physical ids that AWS would give, as patterns; types without one get a plausible id from their schema.

In a pattern `{name}` is the given or generated name, `{hex…}` are digits of the resource's own token and
`{Property}` is a top-level property.
"""

PHYSICAL_IDS: dict[str, str] = {
    "AWS::AutoScaling::AutoScalingGroup": "{name}",
    "AWS::Backup::BackupPlan": "{uuid}",
    "AWS::Backup::BackupSelection": "{BackupPlanId}_{uuid}",
    "AWS::CloudFormation::WaitConditionHandle": "https://cloudformation-waitcondition-{region}.s3.{url_suffix}/{uuid}",
    "AWS::EC2::EIP": "203.0.113.{octet}",
    "AWS::EC2::FlowLog": "fl-{hex17}",
    "AWS::EC2::Instance": "i-{hex17}",
    "AWS::EC2::InternetGateway": "igw-{hex17}",
    "AWS::EC2::LaunchTemplate": "lt-{hex17}",
    "AWS::EC2::NatGateway": "nat-{hex17}",
    "AWS::EC2::NetworkAcl": "acl-{hex17}",
    "AWS::EC2::Route": "{RouteTableId}|{hex8}",
    "AWS::EC2::RouteTable": "rtb-{hex17}",
    "AWS::EC2::SecurityGroup": "sg-{hex17}",
    "AWS::EC2::SecurityGroupEgress": "sgr-{hex17}",
    "AWS::EC2::SecurityGroupIngress": "sgr-{hex17}",
    "AWS::EC2::Subnet": "subnet-{hex17}",
    "AWS::EC2::SubnetRouteTableAssociation": "rtbassoc-{hex17}",
    "AWS::EC2::VPC": "vpc-{hex17}",
    "AWS::EC2::VPCEndpoint": "vpce-{hex17}",
    "AWS::EC2::VPCGatewayAttachment": "IGW|{VpcId}",
    "AWS::EFS::AccessPoint": "fsap-{hex17}",
    "AWS::EFS::FileSystem": "fs-{hex17}",
    "AWS::EFS::MountTarget": "fsmt-{hex17}",
    "AWS::EKS::Nodegroup": "{ClusterName}/{name}",
    "AWS::EKS::PodIdentityAssociation": (
        "arn:{partition}:eks:{region}:{account}:podidentityassociation/{ClusterName}/a-{hex17}"
    ),
    "AWS::Events::Rule": "{name}",
    "AWS::IAM::ManagedPolicy": "arn:{partition}:iam::{account}:policy{Path}{name}",
    "AWS::IAM::OIDCProvider": "arn:{partition}:iam::{account}:oidc-provider/{Url}",
    "AWS::IAM::Policy": "{name}",
    "AWS::KMS::Key": "{uuid}",
    "AWS::Lambda::LayerVersion": "arn:{partition}:lambda:{region}:{account}:layer:{LayerName}:1",
    "AWS::Lambda::Permission": "{name}",
    "AWS::Route53::HostedZone": "Z{HEX20}",
    "AWS::SQS::Queue": "https://sqs.{region}.{url_suffix}/{account}/{name}",
    "AWS::SNS::Topic": "arn:{partition}:sns:{region}:{account}:{name}",
    "AWS::SecretsManager::Secret": "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{hex6}",
    "AWS::SecretsManager::SecretTargetAttachment": "{SecretId}",
    "AWS::StepFunctions::StateMachine": "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
}

# Names that AWS keeps in lower case, and the longest ones that it takes; everything else has 128 characters.
LOWER_CASE = frozenset(
    {
        "AWS::ECR::Repository",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBClusterParameterGroup",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::S3::Bucket",
    }
)
LONGEST: dict[str, int] = {
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::RDS::DBCluster": 63,
    "AWS::RDS::DBInstance": 63,
    "AWS::S3::Bucket": 63,
    "AWS::SQS::Queue": 80,
    "AWS::StepFunctions::StateMachine": 80,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 32,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 32,
}

# Names that are unique in a scope rather than in the account.
NAME_SCOPES: dict[str, str] = {
    "AWS::EC2::SecurityGroup": "VpcId",
    "AWS::EKS::Addon": "ClusterName",
    "AWS::EKS::FargateProfile": "ClusterName",
    "AWS::EKS::Nodegroup": "ClusterName",
}
