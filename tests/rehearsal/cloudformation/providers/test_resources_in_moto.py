"""What moto keeps too is made, changed and deleted through the services' own APIs."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.cloudformation.providers import moto
from rehearsal.cloudformation.providers.base import Provider, Request
from rehearsal.cloudformation.providers.databases import MASTER_SECRET, Databases
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource


def client(service: str) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    return boto3.client(service, region_name="eu-west-1", **keys)


@pytest.fixture
def providers(identity: Identity) -> Iterator[dict[str, Provider]]:
    with mock_aws():
        yield moto.providers(identity, client)


def request_of(resource_type: str, **properties: Any) -> Request:
    return Request("stack-id", "Plane", "Thing", resource_type, properties, "0123456789abcdef" * 4)


def make(provider: Provider, request: Request) -> Resource:
    made = provider.create(request)
    return Resource("Thing", request.type, made.physical_id, request.properties, made.attributes)


def test_a_bucket_can_be_used_and_goes_only_when_it_is_empty(providers: dict[str, Provider]) -> None:
    request = request_of("AWS::S3::Bucket", BucketName="data")
    bucket = make(providers["AWS::S3::Bucket"], request)
    client("s3").put_object(Bucket="data", Key="k", Body=b"v")

    with pytest.raises(ResourceFailure, match="not empty"):
        providers["AWS::S3::Bucket"].delete(request, bucket)
    client("s3").delete_object(Bucket="data", Key="k")
    providers["AWS::S3::Bucket"].delete(request, bucket)

    assert client("s3").list_buckets()["Buckets"] == []


def test_a_parameter_has_its_value_and_takes_a_new_one(providers: dict[str, Provider]) -> None:
    provider = providers["AWS::SSM::Parameter"]
    parameter = make(provider, request_of("AWS::SSM::Parameter", Name="/plane/version", Value="1", Type="String"))

    provider.update(request_of("AWS::SSM::Parameter", Name="/plane/version", Value="2", Type="String"), parameter)

    value = client("ssm").get_parameter(Name="/plane/version")["Parameter"]["Value"]
    assert value == "2"
    assert parameter.attributes["Arn"] == "arn:aws:ssm:eu-west-1:123456789012:parameter/plane/version"


def test_a_generated_secret_keeps_to_its_rule(providers: dict[str, Provider]) -> None:
    rule = {"ExcludePunctuation": True, "PasswordLength": 12, "GenerateStringKey": "password"}
    rule["SecretStringTemplate"] = '{"username": "plane"}'

    secret = make(
        providers["AWS::SecretsManager::Secret"],
        request_of("AWS::SecretsManager::Secret", Name="db", GenerateSecretString=rule),
    )

    text = client("secretsmanager").get_secret_value(SecretId=secret.physical_id)["SecretString"]
    assert '"username": "plane"' in text
    assert len(text.split('"password": "')[1].rstrip('"}')) == 12


def test_a_vpc_has_a_real_default_security_group_and_its_tags(providers: dict[str, Provider]) -> None:
    tags = [{"Key": "Name", "Value": "plane"}]
    request = request_of("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsHostnames="true", Tags=tags)

    vpc = make(providers["AWS::EC2::VPC"], request)

    group = client("ec2").describe_security_groups(GroupIds=[vpc.attributes["DefaultSecurityGroup"]])["SecurityGroups"][
        0
    ]
    found = client("ec2").describe_vpcs(VpcIds=[vpc.physical_id])["Vpcs"][0]
    assert (group["GroupName"], group["VpcId"]) == ("default", vpc.physical_id)
    assert found["Tags"] == tags
    assert vpc.attributes["CidrBlock"] == "10.0.0.0/16"


def test_changed_tags_reach_moto(providers: dict[str, Provider]) -> None:
    provider = providers["AWS::EC2::VPC"]
    old = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}]
    vpc = make(provider, request_of("AWS::EC2::VPC", CidrBlock="10.0.0.0/16", Tags=old))

    provider.update(request_of("AWS::EC2::VPC", Tags=[{"Key": "a", "Value": "2"}]), vpc)

    found = client("ec2").describe_vpcs(VpcIds=[vpc.physical_id])["Vpcs"][0]
    assert found["Tags"] == [{"Key": "a", "Value": "2"}]


def test_subnets_and_security_groups_live_in_their_vpc(providers: dict[str, Provider]) -> None:
    vpc = make(providers["AWS::EC2::VPC"], request_of("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"))
    inside = {"VpcId": vpc.physical_id}
    zone = {"AvailabilityZone": "eu-west-1b", "MapPublicIpOnLaunch": True}
    subnet_request = request_of("AWS::EC2::Subnet", CidrBlock="10.0.1.0/24", **inside, **zone)
    rules = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}]
    group_request = request_of("AWS::EC2::SecurityGroup", GroupDescription="d", SecurityGroupIngress=rules, **inside)

    subnet = make(providers["AWS::EC2::Subnet"], subnet_request)
    group = make(providers["AWS::EC2::SecurityGroup"], group_request)

    found = client("ec2").describe_security_groups(GroupIds=[group.physical_id])["SecurityGroups"][0]
    assert subnet.attributes["AvailabilityZone"] == "eu-west-1b"
    assert found["IpPermissions"][0]["FromPort"] == 443
    providers["AWS::EC2::Subnet"].delete(subnet_request, subnet)
    providers["AWS::EC2::SecurityGroup"].delete(group_request, group)
    providers["AWS::EC2::VPC"].delete(request_of("AWS::EC2::VPC"), vpc)


def test_deleting_what_is_gone_already_succeeds(providers: dict[str, Provider]) -> None:
    request = request_of("AWS::S3::Bucket", BucketName="data")
    bucket = make(providers["AWS::S3::Bucket"], request)
    client("s3").delete_bucket(Bucket="data")

    providers["AWS::S3::Bucket"].delete(request, bucket)

    assert client("s3").list_buckets()["Buckets"] == []


@pytest.mark.usefixtures("providers")
def test_a_managed_master_password_is_a_secret_that_goes_with_the_database(identity: Identity) -> None:
    databases = Databases(identity, client)
    request = request_of("AWS::RDS::DBInstance", MasterUsername="plane", ManageMasterUserPassword=True)
    database = make(databases, request)

    secret = client("secretsmanager").get_secret_value(SecretId=database.attributes[MASTER_SECRET])["SecretString"]
    databases.delete(request, database)

    assert '"username": "plane"' in secret
    assert client("secretsmanager").list_secrets()["SecretList"] == []


@pytest.mark.parametrize(
    ("resource_type", "words"),
    [
        ("AWS::RDS::DBInstance", "Cannot delete protected DB Instance, please disable deletion protection"),
        ("AWS::RDS::DBCluster", "Cannot delete protected Cluster, please disable deletion protection"),
    ],
)
def test_a_protected_database_refuses_deletion(resource_type: str, words: str, identity: Identity) -> None:
    databases = Databases(identity, client)
    request = request_of(resource_type, DeletionProtection=True)
    database = make(databases, request)

    with pytest.raises(ResourceFailure, match=words):
        databases.delete(request, database)
