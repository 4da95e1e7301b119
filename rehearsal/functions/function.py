"""A function as Lambda knows it, from the properties of AWS::Lambda::Function."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure

RUNTIMES = ("python3.", "nodejs")
DEFAULT_TIMEOUT_SECONDS = 3
DEFAULT_MEMORY_MIB = 128


@dataclass(frozen=True)
class Function:
    """What it takes to run a function."""

    name: str
    arn: str
    runtime: str
    handler: str
    role: str
    timeout_seconds: float
    memory_mib: int
    environment: Mapping[str, str]
    code: Path
    layers: tuple[Path, ...]

    @property
    def is_node(self) -> bool:
        return self.runtime.startswith("nodejs")


def function(name: str, arn: str, properties: Mapping[str, Any], code: Path, layers: tuple[Path, ...]) -> Function:
    """A function from its CloudFormation properties."""
    runtime = str(properties.get("Runtime", ""))
    if not runtime.startswith(RUNTIMES):
        raise ResourceFailure(
            f"The rehearsal cannot run a function of runtime {runtime or 'container image'!r}; "
            f"it runs {RUNTIMES[0]}* and {RUNTIMES[1]}*"
        )
    variables: Mapping[str, Any] = properties.get("Environment", {}).get("Variables", {})
    return Function(
        name=name,
        arn=arn,
        runtime=runtime,
        handler=str(properties["Handler"]),
        role=str(properties["Role"]),
        timeout_seconds=float(properties.get("Timeout", DEFAULT_TIMEOUT_SECONDS)),
        memory_mib=int(properties.get("MemorySize", DEFAULT_MEMORY_MIB)),
        environment={key: str(value) for key, value in variables.items()},
        code=code,
        layers=layers,
    )


def function_name(name_or_arn: str) -> str:
    """The name in a function's ARN (with or without a qualifier), or the name itself."""
    return name_or_arn.split(":function:")[-1].split(":")[0]
