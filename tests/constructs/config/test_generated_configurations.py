"""Whatever an operator writes is either refused with the place of every problem, or deploys: no third way.

HYPOTHESIS_EXAMPLES sets how many configurations are tried; each costs a synthesis and cfn-lint.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cfnlint.api import lint
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from compute_plane.config.errors import ConfigurationError

Raw = dict[str, Any]
STACKS = ("Network", "Cluster", "Data", "Addons")
PLACE = re.compile(r"(the file|[a-z_]+([.\[].+)?): .+", re.DOTALL)


@settings(
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "10")),
    # Shrinking costs minutes, and a configuration is easy to read as it is.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_a_configuration_is_refused_with_places_or_synthesizes_to_what_cloudformation_accepts(
    data: st.DataObject,
    configurations: st.SearchStrategy[Raw],
    application: Callable[..., App],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    raw = data.draw(configurations)
    folder = tmp_path_factory.mktemp("generated")

    try:
        application(raw, folder).synth()
    except ConfigurationError as error:
        event("refused")
        assert error.problems
        assert [problem for problem in error.problems if not PLACE.fullmatch(problem)] == []
        return

    event("synthesized")
    assert errors_in(folder, raw["region"]) == []


def errors_in(assembly: Path, region: str) -> list[str]:
    """What cfn-lint calls an error; a stack without resources is skipped by the CLI, so it is here."""
    texts = {stack: (assembly / f"{stack}.template.json").read_text() for stack in STACKS}
    return [
        f"{stack}: {match.rule.id} {match.message}"
        for stack, text in texts.items()
        if json.loads(text).get("Resources")
        for match in lint(text, regions=[region])
        if match.rule.id.startswith("E")
    ]
