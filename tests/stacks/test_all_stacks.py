"""What must hold of all four stacks of an environment together."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.config.environment import EnvironmentConfig

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Synthesize = Callable[..., Path]

STACKS = ("Network", "Cluster", "Data", "Addons")
ENVIRONMENTS = ("dev", "prod")


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    """Each shipped environment in turn."""
    return request.param


def documents(assembly: Path) -> dict[str, Raw]:
    return {stack: json.loads((assembly / f"{stack}.template.json").read_text()) for stack in STACKS}


def functions_in(node: Any) -> Iterator[tuple[str, Any]]:
    """Every intrinsic function of a template with its argument."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key.startswith("Fn::") or key == "Ref":
                yield key, value
            yield from functions_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from functions_in(value)


def artifacts(assembly: Path) -> dict[str, Raw]:
    manifest = json.loads((assembly / "manifest.json").read_text())
    return {stack: manifest["artifacts"][stack] for stack in STACKS}


def test_no_stack_is_nested(environment: str, templates: Templates) -> None:
    types = [
        resource["Type"] for template in templates(environment).values() for resource in template.resources.values()
    ]

    assert "AWS::EKS::Cluster" in types
    assert "AWS::CloudFormation::Stack" not in types


def test_dev_stays_small(templates: Templates) -> None:
    stacks = templates("dev").values()

    functions = [found for template in stacks for found in template.of_type("AWS::Lambda::Function")]
    assert 50 < sum(len(template.resources) for template in stacks) <= 110
    assert 0 < len(functions) <= 3


def test_stacks_refer_to_each_other_weakly(environment: str, synthesize: Synthesize) -> None:
    templates = documents(synthesize(environment))

    used = [name for template in templates.values() for name, _ in functions_in(template)]
    outputs = [output for template in templates.values() for output in template.get("Outputs", {}).values()]
    assert used.count("Fn::GetStackOutput") > 10
    assert "Fn::ImportValue" not in used
    assert outputs
    assert not any("Export" in output for output in outputs)


def test_every_reference_to_another_stack_finds_its_output(environment: str, synthesize: Synthesize) -> None:
    assembly = synthesize(environment)
    templates = documents(assembly)

    names = {artifact["properties"]["stackName"]: stack for stack, artifact in artifacts(assembly).items()}
    for stack, template in templates.items():
        dependencies = set(artifacts(assembly)[stack]["dependencies"])
        for name, argument in functions_in(template):
            if name == "Fn::GetStackOutput":
                source = names[argument["StackName"]]
                assert argument["OutputName"] in templates[source]["Outputs"]
                assert source in dependencies


def test_cluster_and_data_build_beside_each_other(environment: str, synthesize: Synthesize) -> None:
    stacks = artifacts(synthesize(environment))

    needed = {stack: set(artifact["dependencies"]) & set(STACKS) for stack, artifact in stacks.items()}
    assert needed == {
        "Network": set(),
        "Cluster": {"Network"},
        "Data": {"Network"},
        "Addons": {"Network", "Cluster", "Data"},
    }


def test_every_stack_has_the_environments_name_and_description(
    environment: str, synthesize: Synthesize, load_raw: Callable[[str], EnvironmentConfig]
) -> None:
    assembly, config = synthesize(environment), load_raw(environment)

    for stack, template in documents(assembly).items():
        properties = artifacts(assembly)[stack]["properties"]
        assert properties["stackName"] == f"{config.name}-{stack.lower()}"
        assert template["Description"] == f"{config.description} ({stack.lower()})"


def test_the_longest_description_is_not_too_long_for_any_stack(configuration: Raw, synthesize: Synthesize) -> None:
    configuration["description"] = "x" * 500

    templates = documents(synthesize(configuration))

    assert len(templates["Network"]["Description"]) == 510


@pytest.mark.parametrize("protection", [True, False])
def test_protection_guards_the_stacks_from_termination(
    protection: bool, configuration: Raw, synthesize: Synthesize
) -> None:
    stacks = artifacts(synthesize(configuration | {"protection": protection}))

    assert {artifact["properties"].get("terminationProtection", False) for artifact in stacks.values()} == {protection}


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_another_partition_has_no_arn_of_the_commercial_one(
    region: str, configuration: Raw, synthesize: Synthesize
) -> None:
    configuration |= {"region": region, "addons": {"karpenter": {}, "karpenter-crd": {}}}

    templates = documents(synthesize(configuration))

    assert '"arn:aws:' not in json.dumps(templates)
    assert f":{region}" in json.dumps(templates) or f'"{region}"' in json.dumps(templates)
