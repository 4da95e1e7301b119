"""Assemblies to derive permissions from: small ones written here, and those of whole environments."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from compute_plane.permissions.assembly import Assembly, Place, Stack, read_assembly
from compute_plane.permissions.derivation import Derived, derive
from compute_plane.permissions.plan import Plan, plan
from compute_plane.permissions.registry import Registry

Raw = dict[str, Any]
ACCOUNT, REGION = "111122223333", "eu-central-1"
ENVIRONMENTS = sorted((Path(__file__).parents[2] / "environments").glob("*.yaml"))


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The registry of the region of every assembly here."""
    return Registry(REGION)


@pytest.fixture
def assembly() -> Callable[..., Assembly]:
    """An assembly of stacks, each given by its resources; or by a whole template, where there is more to say."""

    def make(tags: Mapping[str, str] | None = None, **stacks: Raw) -> Assembly:
        templates = {name: given if "Resources" in given else {"Resources": given} for name, given in stacks.items()}
        return Assembly(
            place=Place(ACCOUNT, REGION),
            stacks=tuple(
                Stack(f"ours-{name}", template, tags or {"plane": "ours"}, role=None)
                for name, template in templates.items()
            ),
            assumed_roles=(),
            version_parameter=None,
            asset_objects=(f"arn:aws:s3:::assets-{ACCOUNT}/*",),
        )

    return make


@pytest.fixture
def derived(assembly: Callable[..., Assembly], registry: Registry) -> Callable[..., Derived]:
    """What an assembly of these stacks needs."""

    def derive_from(**given: Any) -> Derived:
        return derive(assembly(**given), registry)

    return derive_from


@pytest.fixture(scope="session", params=["dev", "prod", *(file.stem for file in ENVIRONMENTS)])
def environment_plan(request: pytest.FixtureRequest, synthesize: Callable[..., Path], registry: Registry) -> Plan:
    """The permissions of every environment there is."""
    named = {file.stem: file.read_text(encoding="utf-8") for file in ENVIRONMENTS}
    return _plan(synthesize(named.get(request.param, request.param), account=ACCOUNT))


@pytest.fixture(scope="session")
def prod_plan(synthesize: Callable[..., Path]) -> Plan:
    """The permissions of the largest environment that is shipped."""
    return _plan(synthesize("prod", account=ACCOUNT))


def _plan(folder: Path) -> Plan:
    found = read_assembly(folder)
    return plan(found, Registry(found.place.region), cluster="ours")
