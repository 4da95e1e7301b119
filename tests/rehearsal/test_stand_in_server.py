"""The server as a process: one endpoint for boto3, real functions, control endpoints, and an end."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest

ACCOUNT = "210987654321"

# Answers CloudFormation as any vendor's handler does, and calls AWS on the way.
HANDLER = """
import json, urllib.request, boto3
def handler(event, context):
    account = boto3.client("sts").get_caller_identity()["Account"]
    print("asked to", event["RequestType"])
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "one", "Data": {"Account": account}}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        "Handler": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Timeout": 60,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": HANDLER},
            },
        },
        "Asked": {"Type": "Custom::Asked", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Handler", "Arn"]}}},
        "Cluster": {
            "Type": "AWS::EKS::Cluster",
            "Properties": {"Name": "plane", "RoleArn": "role", "ResourcesVpcConfig": {}, "Version": "1.35"},
        },
    },
    "Outputs": {
        "Account": {"Value": {"Fn::GetAtt": ["Asked", "Account"]}},
        "Zones": {"Value": {"Fn::Join": [",", {"Fn::GetAZs": ""}]}},
        "Vpc": {"Value": {"Ref": "Vpc"}},
    },
}


@dataclass(frozen=True)
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    endpoint: str
    state: Path

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        return boto3.client(service, region_name="eu-west-3", endpoint_url=self.endpoint, **keys)

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.endpoint}/_rehearsal/{path}", data, method=method)) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Served]:
    state = tmp_path_factory.mktemp("state")
    command = [sys.executable, "-m", "rehearsal.server", "--account", ACCOUNT, "--region", "eu-west-3"]
    command += ["--state", str(state), "--lock", str(root / "charts.lock.yaml")]
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    started = json.loads(process.stdout.readline())
    yield Served(process, started["endpoint"], state)
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def stack(server: Served) -> dict[str, Any]:
    """The template, deployed through boto3."""
    cloud_formation = server.client("cloudformation")
    cloud_formation.create_stack(StackName="Plane", TemplateBody=json.dumps(TEMPLATE))
    until = time.monotonic() + 60
    while True:
        described: dict[str, Any] = cloud_formation.describe_stacks(StackName="Plane")["Stacks"][0]
        if not described["StackStatus"].endswith("IN_PROGRESS") or time.monotonic() > until:
            return described
        time.sleep(0.05)


def test_a_stack_is_made_of_real_calls(server: Served, stack: dict[str, Any]) -> None:
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    vpcs = server.client("ec2").describe_vpcs(VpcIds=[outputs["Vpc"]])["Vpcs"]

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert outputs["Account"] == ACCOUNT
    assert outputs["Zones"] == "eu-west-3a,eu-west-3b,eu-west-3c"
    assert vpcs[0]["CidrBlock"] == "10.0.0.0/16"
    assert "asked to Create" in (server.state / "functions.log").read_text()


@pytest.mark.usefixtures("stack")
def test_the_cluster_is_described_and_its_api_answers(server: Served) -> None:
    cluster = server.client("eks").describe_cluster(name="plane")["cluster"]

    objects = server.ask("objects?cluster=plane")

    assert cluster["status"] == "ACTIVE"
    assert cluster["endpoint"].startswith("https://127.0.0.1:")
    assert {"Namespace"} <= {one["kind"] for one in objects}


@pytest.mark.usefixtures("stack")
def test_the_journal_and_the_state_tell_everything(server: Served) -> None:
    first = server.ask("journal?since=0")
    rest = server.ask(f"journal?since={first['next']}")
    state = server.ask("state")

    done = {e["logical_id"]: e["seconds"] for e in first["events"] if e["status"] == "CREATE_COMPLETE"}
    assert set(done) == {"Vpc", "Role", "Handler", "Asked", "Cluster", "Plane"}
    assert done["Asked"] > 0
    assert rest == {"events": [], "next": first["next"]}
    assert state["stacks"] == {"Plane": "CREATE_COMPLETE"}
    assert {one["logical_id"] for one in state["resources"]} == set(TEMPLATE["Resources"])
    assert list(state["clusters"]) == ["plane"]
    assert [run["exit"] for run in state["functions"]] == [0]
    assert state["unknown_calls"] == []


def test_refusals_are_set_and_cleared(server: Served) -> None:
    refusal = {"kind": "Deployment", "name": "web", "message": "no"}

    added = server.ask("refusals", "POST", refusal)
    cleared = server.ask("refusals", "DELETE")

    assert added == {"refusals": [refusal]}
    assert cleared == {"refusals": []}


def test_it_ends_when_its_input_closes(server: Served) -> None:
    assert server.process.poll() is None
    assert server.process.stdin is not None

    server.process.stdin.close()

    assert server.process.wait(timeout=10) == 0
