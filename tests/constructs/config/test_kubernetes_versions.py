"""Which Kubernetes versions a configuration may ask for."""

from collections.abc import Callable
from typing import Any

import pytest

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]


@pytest.mark.parametrize("version", ["1.29", "1.34", "1.35", "1.36"])
def test_a_version_with_a_kubectl_layer_is_accepted(version: str, configuration: Raw, problems: Problems) -> None:
    configuration["cluster"]["version"] = version

    found = problems(configuration)

    assert found == []


@pytest.mark.parametrize(("version", "package"), [("1.30", "v30"), ("1.31", "v31"), ("1.33", "v33")])
def test_a_version_without_a_kubectl_layer_is_refused_with_the_package_to_add(
    version: str, package: str, configuration: Raw, problems: Problems
) -> None:
    configuration["cluster"]["version"] = version

    found = problems(configuration)

    assert found == [
        f"cluster.version: '{version}': has no kubectl layer here: add aws-cdk.lambda-layer-kubectl-{package} to "
        "requirements.txt and name it in kubernetes_releases.yaml, or use one of ['1.29', '1.34', '1.35', '1.36']"
    ]


def test_a_version_that_does_not_exist_is_refused_with_those_that_do(configuration: Raw, problems: Problems) -> None:
    configuration["cluster"]["version"] = "9.99"

    found = problems(configuration)

    assert len(found) == 1
    assert found[0].startswith("cluster.version: '9.99': expected one of ['1.29', '1.30', ")
