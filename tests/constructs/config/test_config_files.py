"""What a file says as a whole: YAML's traps, every problem at once, the shipped environments, the schema."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.config.errors import ConfigurationError
from compute_plane.config.load import environment_file, load
from compute_plane.config.schema import FILE, text

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]


def test_every_problem_of_a_file_is_told_at_once(configuration: Raw, problems: Problems) -> None:
    configuration["name"] = "a" * 42
    configuration["network"]["nat"] = "none"
    configuration["cluster"]["version"] = "9.99"
    configuration["node_groups"][0]["desired_size"] = 5
    configuration["extra"] = 1

    found = problems(configuration)

    assert sorted(each.partition(":")[0] for each in found) == [
        "cluster.version",
        "extra",
        "name",
        "network.nat",
        "node_groups[0].desired_size",
    ]


def test_a_rule_between_fields_is_checked_although_another_field_of_the_section_is_wrong(
    configuration: Raw, problems: Problems
) -> None:
    configuration["network"] |= {"cidr": "10.20.0.0/20", "private_subnet_prefix": 21, "flow_log_retention_days": 31}

    found = problems(configuration)

    assert [each.partition(":")[0] for each in found] == ["network.flow_log_retention_days", "network.cidr"]


def test_the_error_counts_its_problems_and_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "qa.yaml"
    file.write_text("name: QA\n")

    with pytest.raises(ConfigurationError) as caught:
        load(file)

    first, *rest = str(caught.value).splitlines()
    assert first == f"{file}: {len(rest)} errors"
    assert len(rest) == len(caught.value.problems) > 1


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("name: a\nname: b\n", 'found duplicate key "name"'),
        ("network: {nat: one, nat: per_zone}\n", 'found duplicate key "nat"'),
        ("network: [1\n", "expected ',' or ']'"),
        ("- name\n", "expected a map of settings"),
        ("", "expected a map of settings"),
        ("name: !!python/name:os.system x\n", "could not determine a constructor"),
    ],
)
def test_what_is_not_a_map_of_unique_keys_is_refused(yaml: str, problem: str, problems: Problems) -> None:
    found = problems(yaml)

    assert len(found) == 1
    assert found[0].startswith("the file: ")
    assert problem in found[0]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"missing\.yaml: 1 error\n  the file: cannot be read: No such file"):
        load(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("1.30", 'cluster.version: 1.3: expected text: put it in quotes, "1.3"'),
        ("1.35", 'cluster.version: 1.35: expected text: put it in quotes, "1.35"'),
    ],
)
def test_an_unquoted_version_is_refused_and_not_read_as_a_number(yaml: str, problem: str, problems: Problems) -> None:
    found = problems(f"cluster:\n  version: {yaml}\n  log_retention_days: 30\n")

    assert problem in found


@pytest.mark.parametrize("account", ["111122223333", "012345670123"])
def test_an_unquoted_account_is_refused_even_when_yaml_reads_it_as_octal(account: str, problems: Problems) -> None:
    found = problems(f"account: {account}\n")

    assert any(each.startswith("account: ") and "put it in quotes" in each for each in found)


def test_an_environment_that_does_not_exist_is_answered_with_those_that_do(root: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no environment 'prd'; expected one of \[.*'dev'.*\]; did you mean"):
        environment_file(root, "prd")


def test_every_shipped_environment_loads_and_names_the_schema_for_editors(root: Path) -> None:
    files = sorted((root / "config").glob("*.yaml"))

    loaded = {file.stem: load(file) for file in files}

    assert {"dev", "prod"} <= set(loaded)
    assert len({config.name for config in loaded.values()}) == len(files)
    for file in files:
        assert file.read_text().startswith("# yaml-language-server: $schema=schema.json\n"), file


def test_the_schema_for_editors_is_the_models() -> None:
    written = FILE.read_text(encoding="utf-8")

    assert written == text(), "stale: run `make schema`"
    assert json.loads(written)["additionalProperties"] is False


def test_a_model_cannot_be_changed(configuration: Raw, load_raw: Callable[[Raw], EnvironmentConfig]) -> None:
    config = load_raw(configuration)

    with pytest.raises(ValueError, match="frozen"):
        config.name = "other"
