"""Synthesizes each configuration once, and reads its templates; needs no credentials and no network."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks
from hypothesis import HealthCheck, settings

from compute_plane.charts import load_charts
from compute_plane.checks import ComputePlaneChecks, PlaneFacts
from compute_plane.checks.rule import Rule
from compute_plane.checks.template import Template
from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.load import environment_file, load
from stacks.plane import add_stacks

ROOT = Path(__file__).parents[1]
# The day on which the versions in use were chosen: warnings about support depend on it.
TODAY = date(2026, 11, 20)
STACKS = ("Network", "Cluster", "Data", "Addons")

# The library's own validation of templates costs 2 s a synthesis; `make synth` and `cdk deploy` keep it.
# The variable reaches processes that tests start: this one's JavaScript process may be running already.
os.environ["CDK_VALIDATION"] = "false"

# The same examples every time, and no judgement about a machine's speed.
settings.register_profile(
    "stable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("stable")

Raw = dict[str, Any]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def configuration() -> Raw:
    """A small valid environment to vary: no add-ons, no node pools, no data."""
    return {
        "name": "test",
        "region": "eu-central-1",
        "description": "Compute plane for tests",
        "tags": {"stage": "test"},
        "protection": False,
        "access": {"admins": ["Admin"]},
        "network": {"cidr": "10.20.0.0/16", "zones": 2, "nat": "one"},
        "cluster": {"version": "1.35", "log_retention_days": 30},
        "node_groups": [
            {"name": "bootstrap", "instance_types": ["m7i.large"], "min_size": 2, "desired_size": 2, "max_size": 4}
        ],
    }


@pytest.fixture(scope="session")
def load_raw(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Raw | str], EnvironmentConfig]:
    """Loads a raw configuration, the text of a file, or a shipped environment by its name."""
    folder = tmp_path_factory.mktemp("configurations")

    def load_it(given: Raw | str) -> EnvironmentConfig:
        if isinstance(given, str) and given.isidentifier():
            return load(environment_file(ROOT, given))
        file = folder / "environment.yaml"
        file.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
        return load(file)

    return load_it


@pytest.fixture(scope="session")
def application(load_raw: Callable[[Raw | str], EnvironmentConfig]) -> Callable[..., App]:
    """The application as `app.py` makes it, before synthesis."""
    # Assets stay where they are: copying 57 MB of kubectl layers into every assembly shows nothing.
    given_by_tests = {"aws:cdk:disable-asset-staging": True, "aws:cdk:enable-path-metadata": True}
    context = json.loads((ROOT / "cdk.json").read_text())["context"] | given_by_tests
    charts = load_charts(ROOT / "charts.lock.yaml")

    def make(
        given: Raw | str,
        folder: Path,
        *,
        account: str | None = None,
        rules: list[Rule] | None = None,
        validation: bool = False,
    ) -> App:
        config = load_raw(given)
        app = App(outdir=str(folder), context=context, builtin_cloud_formation_validation=validation)
        env = Environment(account=account or config.account, region=config.region)
        facts = PlaneFacts.of(config, env.account)
        Validations.of(app).add_plugins(AwsSolutionsChecks(app), ComputePlaneChecks(app, facts=facts, rules=rules))
        add_stacks(app, config=config, env=env, charts=charts, today=TODAY)
        return app

    return make


@pytest.fixture(scope="session")
def synthesize(application: Callable[..., App], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The cloud assembly of a configuration; each is made once."""
    made: dict[str, Path] = {}

    def assembly(given: Raw | str, *, account: str | None = None) -> Path:
        key = json.dumps([given, account], sort_keys=True)
        if key not in made:
            folder = tmp_path_factory.mktemp("assembly")
            application(given, folder, account=account).synth()
            made[key] = folder
        return made[key]

    return assembly


@pytest.fixture(scope="session")
def templates(synthesize: Callable[..., Path]) -> Callable[..., dict[str, Template]]:
    """The four templates of a configuration, by stack."""

    def read(given: Raw | str, *, account: str | None = None) -> dict[str, Template]:
        folder = synthesize(given, account=account)
        return {stack: Template(json.loads((folder / f"{stack}.template.json").read_text())) for stack in STACKS}

    return read


@pytest.fixture(scope="session")
def releases_in() -> Callable[[Template], dict[str, Raw]]:
    """The Helm releases of a template, by name: the properties with `Values` as a map."""

    def read(template: Template) -> dict[str, Raw]:
        charts = (properties for _, properties in template.of_type("Custom::AWSCDK-EKS-HelmChart"))
        return {chart["Release"]: {**chart, "Values": json.loads(_text(chart["Values"]))} for chart in charts}

    return read


@pytest.fixture(scope="session")
def objects_in() -> Callable[[Template], list[Raw]]:
    """The Kubernetes objects that a template applies."""

    def read(template: Template) -> list[Raw]:
        manifests = (properties for _, properties in template.of_type("Custom::AWSCDK-EKS-KubernetesResource"))
        return [each for manifest in manifests for each in json.loads(_text(manifest["Manifest"]))]

    return read


def _text(value: Any) -> str:
    """JSON text whose references are written as names: `<PublishOutputRef…>`."""
    return "".join(_pieces(value))


def _pieces(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case {"Fn::Join": ["", list() as items]}:
            for item in items:
                yield from _pieces(item)
        case {"Fn::GetStackOutput": {"OutputName": str() as output}}:
            yield f"<{output}>"
        case {"Ref": str() as name} | {"Fn::GetAtt": [str() as name, *_]}:
            yield f"<{name}>"
        case _:
            raise ValueError(f"no text in {value}")
