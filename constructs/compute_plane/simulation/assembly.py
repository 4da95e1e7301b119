"""The templates of a cloud assembly, in which names have the values that AWS would give them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from compute_plane.simulation import identities
from compute_plane.simulation.intrinsics import Resolver
from compute_plane.simulation.patterns import SimulationError

STACK = "aws:cloudformation:stack"
UNKNOWN_ACCOUNT = "unknown-account"


class Stack:
    """One template of an assembly."""

    def __init__(self, assembly: Assembly, name: str, region: str, content: Mapping[str, Any]) -> None:
        self.assembly = assembly
        self.name = name
        self.region = region
        self.content = content
        self.resources: Mapping[str, Mapping[str, Any]] = content.get("Resources") or {}
        self.resolve = Resolver(self)

    def reference(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": self.assembly.account,
            "AWS::Partition": self.assembly.partition,
            "AWS::Region": self.region,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.resources:
            return identities.reference(self.resources[name]["Type"], self._fields(name))
        parameter = self.content.get("Parameters", {}).get(name, {})
        if "Default" in parameter and not parameter["Type"].startswith("AWS::SSM::"):
            return parameter["Default"]
        raise SimulationError(f"{self.name}: what {name} refers to is not in the template")

    def attribute(self, logical_id: str, attribute: str) -> str:
        if logical_id not in self.resources:
            raise SimulationError(f"{self.name}: what {logical_id}.{attribute} refers to is not in the template")
        return identities.attribute(self.resources[logical_id]["Type"], attribute, self._fields(logical_id))

    def condition(self, name: str) -> Mapping[str, Any]:
        return self.content["Conditions"][name]

    def stack_output(self, stack: str, output: str) -> Any:
        return self.assembly.stack(stack).output(output)

    def exported(self, name: str) -> Any:
        return self.assembly.exported(name)

    def output(self, name: str) -> Any:
        outputs = self.content.get("Outputs") or {}
        if name not in outputs:
            raise SimulationError(f"{self.name}: there is no output {name}")
        return self.resolve(outputs[name]["Value"])

    def _fields(self, logical_id: str) -> dict[str, Any]:
        resource = self.resources[logical_id]
        identity = identities.IDENTITIES.get(resource["Type"])
        wanted = {"Path", "Url", identity.name if identity else None}
        given = {key: value for key, value in (resource.get("Properties") or {}).items() if key in wanted}
        place = {"partition": self.assembly.partition, "region": self.region, "account": self.assembly.account}
        unique = f"{self.name}/{logical_id}"
        return identities.fields_of(resource["Type"], self.resolve(given), place, unique, f"{self.name}-{logical_id}")


class Assembly:
    """All stacks of a `cdk.out`; `account` is the one to pretend where the assembly is for any account."""

    partition = "aws"

    def __init__(self, folder: Path, account: str) -> None:
        self.account = account
        self._folder = folder

    @cached_property
    def stacks(self) -> list[Stack]:
        manifest = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
        return [self._read(artifact) for artifact in manifest["artifacts"].values() if artifact["type"] == STACK]

    def stack(self, name: str) -> Stack:
        for stack in self.stacks:
            if stack.name == name:
                return stack
        raise SimulationError(f"no stack is called {name}; there are {[stack.name for stack in self.stacks]}")

    def exported(self, name: str) -> Any:
        """The value of an export, whichever stack has it."""
        for stack in self.stacks:
            for output in (stack.content.get("Outputs") or {}).values():
                if "Export" in output and stack.resolve(output["Export"]["Name"]) == name:
                    return stack.resolve(output["Value"])
        raise SimulationError(f"no stack exports {name}")

    def _read(self, artifact: Mapping[str, Any]) -> Stack:
        account, region = artifact["environment"].removeprefix("aws://").split("/")
        if account not in (UNKNOWN_ACCOUNT, self.account):
            raise SimulationError(f"the assembly is for the account {account}, not for {self.account}")
        properties = artifact["properties"]
        content = json.loads((self._folder / properties["templateFile"]).read_text(encoding="utf-8"))
        return Stack(self, properties["stackName"], region, content)
