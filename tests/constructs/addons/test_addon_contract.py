"""What every add-on promises: a new one is held to it without a new test."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from compute_plane.addons import ADDONS
from compute_plane.addons.base import Addon
from compute_plane.charts import Chart, load_charts

WITH_CHART = [addon for addon in ADDONS if addon.chart]
every_addon = pytest.mark.parametrize("addon", ADDONS, ids=lambda addon: addon.name)
every_chart = pytest.mark.parametrize("addon", WITH_CHART, ids=lambda addon: addon.name)


@pytest.fixture(scope="session")
def charts(root: Path) -> dict[str, Chart]:
    """The lock file."""
    return dict(load_charts(root / "charts.lock.yaml"))


def test_the_registry_is_sorted_and_names_each_add_on_once() -> None:
    names = [addon.name for addon in ADDONS]

    assert names == sorted(set(names))


def test_every_module_with_an_add_on_is_registered() -> None:
    folder = Path(inspect.getfile(Addon)).parent

    defining = {file.stem for file in folder.glob("*.py") if re.search(r"^class \w+\(Addon\[", file.read_text(), re.M)}

    assert defining == {addon.name.replace("-", "_") for addon in ADDONS}


@every_addon
def test_an_add_on_lives_in_the_file_of_its_name_and_says_in_one_line_what_it_gives(addon: Addon[Any]) -> None:
    module = inspect.getmodule(type(addon))

    assert module is not None
    assert module.__name__ == f"compute_plane.addons.{addon.name.replace('-', '_')}"
    assert re.fullmatch(r"[A-Z][^\n]+\.", module.__doc__ or "")


@every_addon
def test_settings_are_strict_and_a_key_without_a_default_says_what_it_is(addon: Addon[Any]) -> None:
    fields = addon.Settings.model_fields

    assert fields.keys() >= {"enabled", "values", "version"}
    assert addon.Settings.model_config.get("extra") == "forbid"
    assert [name for name, field in fields.items() if field.is_required() and not field.description] == []


@every_addon
def test_an_add_on_depends_on_add_ons_that_exist(addon: Addon[Any]) -> None:
    known = {each.name for each in ADDONS}

    assert {*addon.depends_on, *addon.may_depend_on, *addon.excludes} <= known - {addon.name}


@every_addon
def test_add_ons_exclude_each_other_and_not_what_they_need(addon: Addon[Any]) -> None:
    excluded = [other for other in ADDONS if other.name in addon.excludes]

    assert all(addon.name in other.excludes for other in excluded)
    assert not set(addon.excludes) & {*addon.depends_on, *addon.may_depend_on}


@every_chart
def test_a_chart_is_pinned_to_an_exact_version_in_the_lock(addon: Addon[Any], charts: dict[str, Chart]) -> None:
    locked = charts[addon.chart or ""]

    assert len(set(locked.versions)) == len(locked.versions)
    for chart in (locked, *locked.others):
        assert re.fullmatch(r"v?\d+\.\d+\.\d+", chart.version)
        assert chart.repository.startswith(("https://", "oci://"))
        assert chart.digest is None or re.fullmatch(r"sha256:[0-9a-f]{64}", chart.digest)


def test_every_chart_in_the_lock_is_used(charts: dict[str, Chart]) -> None:
    used = {str(addon.chart) for addon in WITH_CHART}

    assert sorted(used) == list(charts)
