"""Reads a cloud assembly: the templates, their stacks, and what the deployment takes from the bootstrap stack."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "${AWS::AccountId}"
"""Stands in ARNs for an account that nobody has named."""


@dataclass(frozen=True)
class Place:
    """Where the stacks go."""

    account: str
    region: str

    @property
    def partition(self) -> str:
        return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(self.region.rsplit("-", 2)[0], "aws")

    def filled(self, text: str) -> str:
        """`text` with the pseudo parameters of CloudFormation and of the IAM reference replaced."""
        values = {"Partition": self.partition, "Region": self.region, "Account": self.account}
        values |= {"AWS::Partition": self.partition, "AWS::Region": self.region, "AWS::AccountId": self.account}
        return re.sub(r"\$\{([\w:]+)\}", lambda found: values.get(found[1], found[0]), text)


@dataclass(frozen=True)
class Stack:
    """One stack of the assembly."""

    name: str
    template: Mapping[str, Any]
    tags: Mapping[str, str]
    role: str | None
    """The bootstrap role that CloudFormation works with; None where it works with the deployer's own rights."""

    def resources(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Logical id, type and properties of each resource."""
        for logical_id, resource in self.template["Resources"].items():
            yield logical_id, resource["Type"], resource.get("Properties", {})


@dataclass(frozen=True)
class Assembly:
    """What one environment deploys, and where."""

    place: Place
    stacks: tuple[Stack, ...]
    assumed_roles: tuple[str, ...]
    version_parameter: str | None
    asset_objects: tuple[str, ...]

    def stack(self, name: str) -> Stack | None:
        return next((stack for stack in self.stacks if stack.name == name), None)


def read_assembly(folder: Path, *, account: str | None = None) -> Assembly:
    """The assembly in `folder`, for `account` if its own stacks name none."""
    artifacts: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    deployed = [artifact for artifact in artifacts.values() if artifact["type"] == "aws:cloudformation:stack"]
    known, region = deployed[0]["environment"].removeprefix("aws://").split("/")
    place = Place(account or (known if known.isdigit() else ACCOUNT), region)
    assets = [
        artifact["properties"]["file"] for artifact in artifacts.values() if artifact["type"] == "cdk:asset-manifest"
    ]
    destinations = [each for file in assets for each in _destinations(json.loads((folder / file).read_text()))]
    roles = {each["assumeRoleArn"] for each in destinations if "assumeRoleArn" in each}
    for artifact in deployed:
        properties = artifact["properties"]
        roles |= {properties[key] for key in ("assumeRoleArn",) if key in properties}
        roles |= {properties["lookupRole"]["arn"]} if "lookupRole" in properties else set()
    objects = {f"arn:${{Partition}}:s3:::{each['bucketName']}/*" for each in destinations if "bucketName" in each}
    parameters = {artifact["properties"].get("bootstrapStackVersionSsmParameter") for artifact in deployed}
    return Assembly(
        place=place,
        stacks=tuple(_stack(folder, artifact["properties"]) for artifact in deployed),
        assumed_roles=tuple(sorted(place.filled(role) for role in roles)),
        version_parameter=next((parameter for parameter in sorted(map(str, parameters - {None}))), None),
        asset_objects=tuple(sorted(place.filled(each) for each in objects)),
    )


def _stack(folder: Path, properties: Mapping[str, Any]) -> Stack:
    template = json.loads((folder / properties["templateFile"]).read_text(encoding="utf-8"))
    role = properties.get("cloudFormationExecutionRoleArn")
    # A layer that makes nothing has a template without resources.
    return Stack(properties["stackName"], {"Resources": {}} | template, properties.get("tags", {}), role)


def _destinations(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for kind in ("files", "dockerImages"):
        for asset in manifest.get(kind, {}).values():
            yield from asset["destinations"].values()
