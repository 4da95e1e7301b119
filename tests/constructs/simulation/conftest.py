"""A small plane for the tests of tables and mutants: one role, one queue with a policy, one VPC."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.simulation.assembly import Assembly
from compute_plane.simulation.plane import Plane
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Table, Vocabulary

Raw = dict[str, Any]
ACCOUNT = "111122223333"
QUEUE = {"Fn::GetAtt": ["Queue", "Arn"]}
INSTANCES = {"Fn::Sub": "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:instance/*"}

PERMISSIONS = [
    {
        "Sid": "TerminateOwnInstances",
        "Effect": "Allow",
        "Action": "ec2:TerminateInstances",
        "Resource": INSTANCES,
        "Condition": {"StringEquals": {"aws:ResourceTag/owner": "blue", "aws:ResourceTag/pool": "default"}},
    },
    {"Sid": "ReadJobs", "Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": QUEUE},
    {"Sid": "NeverDelete", "Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*"},
]
TRUST = [
    {
        "Sid": "AssumedByOneServiceAccount",
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": {"Ref": "AWS::AccountId"},
                "aws:RequestTag/eks-cluster-arn": {
                    "Fn::Sub": "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/blue"
                },
                "aws:RequestTag/eks-cluster-name": "blue",
                "aws:RequestTag/kubernetes-namespace": "jobs",
                "aws:RequestTag/kubernetes-service-account": "reader",
            }
        },
    }
]
SHARING = [
    {
        "Sid": "DenyPlaintext",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": QUEUE,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
]


def document(statements: list[Raw]) -> Raw:
    return {"Version": "2012-10-17", "Statement": statements}


@pytest.fixture
def small_plane(tmp_path: Path) -> Plane:
    resources: Raw = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "blue-jobs"}},
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": document(SHARING)},
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "blue-reader",
                "AssumeRolePolicyDocument": document(TRUST),
                "Policies": [{"PolicyName": "reader", "PolicyDocument": document(PERMISSIONS)}],
            },
        },
        "Ceiling": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"ManagedPolicyName": "blue-ceiling", "PolicyDocument": document(PERMISSIONS[:1])},
        },
    }
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/eu-central-1",
        "properties": {"templateFile": "one.template.json", "stackName": "blue-one"},
    }
    (tmp_path / "one.template.json").write_text(json.dumps({"Resources": resources}))
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"one": stack}}))
    return Plane(Assembly(tmp_path, ACCOUNT), "blue")


@pytest.fixture
def suite(small_plane: Plane) -> Callable[..., Suite]:
    """The suite of one table about the role, made of the given sections."""
    vocabulary = Vocabulary.model_validate(
        {
            "ids": {"VPC": {"type": "AWS::EC2::VPC"}, "FILE_SYSTEM": {"type": "AWS::EFS::FileSystem"}},
            "things": {
                "instance": {
                    "arn": "arn:aws:ec2:REGION:ACCOUNT:instance/i-1",
                    "tags": {"owner": "CLUSTER", "pool": "default"},
                },
                "subnet": {"arn": "arn:aws:ec2:REGION:ACCOUNT:subnet/subnet-1", "vpc": True},
                "snapshot": {"arn": "arn:aws:ec2:REGION::snapshot/snap-1", "tags": {"owner": "CLUSTER"}},
                "queue": {"arn": "arn:aws:sqs:REGION:ACCOUNT:CLUSTER-jobs"},
                "bucket": {"arn": "arn:aws:s3:::data"},
                "file system": {"arn": "arn:aws:elasticfilesystem:REGION:ACCOUNT:file-system/FILE_SYSTEM"},
                "reader": {"role": "CLUSTER-reader"},
            },
        }
    )

    def make(*rows: Raw, **sections: Any) -> Suite:
        about = {"role": "CLUSTER-reader", "assumed_by": {"service_account": "jobs/reader"}}
        table = Table.model_validate(
            ({} if {"policy", "policy_of"} & set(sections) else about) | {"cases": rows} | sections
        )
        return Suite(small_plane, vocabulary, {"reader": table})

    return make
