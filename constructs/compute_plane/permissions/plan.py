"""Everything that deploying one environment needs, as policies ready to create."""

from collections.abc import Mapping
from dataclasses import dataclass

from compute_plane.permissions.assembly import Assembly
from compute_plane.permissions.deployer_needs import deployer_needs
from compute_plane.permissions.derivation import derive
from compute_plane.permissions.documents import Document, documents
from compute_plane.permissions.need import Need, Source
from compute_plane.permissions.registry import Registry
from compute_plane.permissions.statements import statements


@dataclass(frozen=True)
class Part:
    """What one holder needs."""

    holder: str
    title: str
    needs: Mapping[Need, frozenset[Source]]
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Plan:
    """The needs of both holders, and what could not be told."""

    execution: Part
    deployer: Part
    left_out: tuple[str, ...]

    def parts(self, holder: str) -> list[Part]:
        """The part of one holder, or of `all`."""
        return [part for part in (self.execution, self.deployer) if holder in (part.holder, "all")]


def plan(assembly: Assembly, registry: Registry, *, cluster: str) -> Plan:
    """The policies are named after the cluster."""
    derived = derive(assembly, registry)
    source = frozenset({Source("cdk deploy", "the CDK CLI")})
    deployer = {need: source for need in deployer_needs(assembly)}
    with_roles = "CloudFormation's execution role (cdk bootstrap --cloudformation-execution-policies)"
    without_roles = "who runs `cdk deploy`: CloudFormation works with the same rights, there are no bootstrap roles"
    return Plan(
        execution=Part(
            holder="execution",
            title=with_roles if assembly.assumed_roles else without_roles,
            needs=derived.needs,
            documents=documents(statements(derived.needs, assembly.place), f"{cluster}-execution"),
        ),
        deployer=Part(
            holder="deployer",
            title="who runs `cdk deploy`",
            needs=deployer,
            documents=documents(statements(deployer, assembly.place), f"{cluster}-deployer"),
        ),
        left_out=derived.left_out,
    )
